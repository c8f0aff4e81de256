//! Work on all cores where the program has them, one thing after the other where it has one, as in the page.

#[cfg(feature = "native")]
use rayon::prelude::*;
use std::cmp::Ordering;

/// Does two things that do not need each other.
pub fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    #[cfg(feature = "native")]
    return rayon::join(one, other);
    #[cfg(not(feature = "native"))]
    (one(), other())
}

/// What comes of each of many things, in their order.
pub fn each<T: Send, R: Send>(all: Vec<T>, of: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "native")]
    return all.into_par_iter().map(of).collect();
    #[cfg(not(feature = "native"))]
    all.into_iter().map(of).collect()
}

/// The same of things that stay where they are.
pub fn of_each<T: Sync, R: Send>(all: &[T], of: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    each(all.iter().collect(), of)
}

/// Puts things in order; two that are the same by it may change places.
pub fn sort<T: Send>(all: &mut [T], order: impl Fn(&T, &T) -> Ordering + Sync) {
    #[cfg(feature = "native")]
    all.par_sort_unstable_by(order);
    #[cfg(not(feature = "native"))]
    all.sort_unstable_by(order);
}

/// Does the same on every core, and gives what each has found.
pub fn on_all<R: Send>(work: impl Fn() -> R + Sync) -> Vec<R> {
    #[cfg(feature = "native")]
    return rayon::broadcast(|_| work());
    #[cfg(not(feature = "native"))]
    vec![work()]
}

/// Lets go of something large beside what comes next, which need not wait for it.
pub fn let_go(what: impl Send + 'static) {
    #[cfg(feature = "native")]
    rayon::spawn(move || drop(what));
    #[cfg(not(feature = "native"))]
    drop(what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_stays_in_its_order() {
        let all: Vec<u32> = (0..1000).collect();
        let doubled: Vec<u32> = (0..1000).map(|number| 2 * number).collect();
        assert_eq!(of_each(&all, |number| 2 * number), doubled);
        assert_eq!(each(all.clone(), |number| 2 * number), doubled);
        assert_eq!(both(|| 1, || "two"), (1, "two"));
        let mut turned: Vec<u32> = all.iter().rev().copied().collect();
        sort(&mut turned, Ord::cmp);
        assert_eq!(turned, all);
        assert!(!on_all(|| 1).is_empty());
    }
}
