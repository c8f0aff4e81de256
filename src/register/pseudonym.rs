//! What stands for a family where nobody may know which it is: HMAC-SHA-256 of its id under a key that never leaves the
//! register. Without the key nobody can try ids out; the same family has the same pseudonym as long as the register is kept.

use sha2::{Digest, Sha256};

const BLOCK: usize = 64;

/// The pseudonym of an id, in hexadecimal.
pub fn pseudonym(key: &[u8; 32], id: &str) -> String {
    let mut block = [0u8; BLOCK];
    block[..key.len()].copy_from_slice(key);
    let padded = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(id.as_bytes()).finalize();
    let outer = Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize();
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hmac_sha_256() {
        // RFC 4231, test case 2, has the key "Jefe": a shorter key is filled up with zeros, so the result is the same.
        let mut key = [0u8; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            pseudonym(&key, "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
