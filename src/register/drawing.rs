//! The sample that audit looks at, drawn so that audit can draw it again without this program: the claims stand in the order
//! of the SHA-256 of `SEED:CLAIM`, and the first are taken.

use crate::receipt::Fingerprint;

/// Draws so many per cent of these claims, rounded up.
pub fn drawn(mut claims: Vec<String>, percent: u32, seed: u64) -> Vec<String> {
    let taken = (claims.len() * percent as usize).div_ceil(100);
    claims.sort_by_key(|claim| (Fingerprint::of(format!("{seed}:{claim}").as_bytes()), claim.clone()));
    claims.truncate(taken);
    claims.sort();
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_rounded_up_and_comes_out_the_same_again() {
        let claims: Vec<String> = (0..11).map(|number| format!("K{number}")).collect();
        let first = drawn(claims.clone(), 10, 7);
        assert_eq!(first.len(), 2);
        let mut turned = claims.clone();
        turned.reverse();
        assert_eq!(drawn(turned, 10, 7), first);
        // 17 % of 11 is 1.87, so 2; of another seed others, though not of every one.
        assert!((0..20).any(|seed| drawn(claims.clone(), 10, seed) != first));
    }
}
