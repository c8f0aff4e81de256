//! The fingerprint of a file that is read in pieces, made from them in their order by whoever has time for it, so that nobody who
//! reads has to wait for it.

use crate::receipt::{Fingerprint, Fingerprinting};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

/// How many pieces may wait before those who read make the fingerprint first.
const MANY: usize = 8;

/// A fingerprint that is being made.
#[derive(Default)]
pub(super) struct InTurn {
    waiting: Mutex<VecDeque<Arc<Vec<u8>>>>,
    /// Who holds it takes pieces off, and nobody else, so that they are taken in their order.
    print: Mutex<Fingerprinting>,
}

impl InTurn {
    /// The next piece of the file.
    pub(super) fn put(&self, piece: Arc<Vec<u8>>) {
        self.waiting().push_back(piece);
    }

    /// Takes in the pieces that wait, unless somebody else is at it.
    pub(super) fn go_on(&self) {
        loop {
            let count = self.waiting().len();
            let print = match self.print.try_lock() {
                _ if count == 0 => return,
                Ok(print) => print,
                Err(TryLockError::Poisoned(print)) => print.into_inner(),
                Err(TryLockError::WouldBlock) if count <= MANY => return,
                Err(TryLockError::WouldBlock) => self.print(),
            };
            drop(self.take_in(print));
        }
    }

    /// The fingerprint of all pieces.
    pub(super) fn finish(&self) -> Fingerprint {
        self.take_in(self.print()).clone().finish()
    }

    fn take_in<'p>(&self, mut print: MutexGuard<'p, Fingerprinting>) -> MutexGuard<'p, Fingerprinting> {
        while let Some(piece) = self.next() {
            print.take(&piece);
        }
        print
    }

    fn next(&self) -> Option<Arc<Vec<u8>>> {
        self.waiting().pop_front()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Arc<Vec<u8>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn print(&self) -> MutexGuard<'_, Fingerprinting> {
        self.print.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_taken_in_their_order_whoever_takes_them() {
        let print = InTurn::default();
        let whole: Vec<u8> = (0..1000u32).flat_map(u32::to_le_bytes).collect();
        std::thread::scope(|scope| {
            let mut pieces = whole.chunks(7);
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        print.go_on();
                    }
                });
            }
            pieces.by_ref().for_each(|piece| print.put(Arc::new(piece.to_vec())));
        });
        assert_eq!(print.finish(), Fingerprint::of(&whole));
    }
}
