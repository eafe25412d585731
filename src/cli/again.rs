//! Asking again where the daemon went away in the middle of an answer. What it had answered is kept, so that going on costs
//! only what was in the air.

use super::context::Context;
use crate::error::{Error, Kind, Result};

/// Failures, one after another with nothing new in between, that are borne.
const BORNE: u32 = 5;

/// How often it may yet be asked again.
pub struct Again {
    borne: u32,
    left: u32,
}

impl Again {
    /// As often as helps: where this process answers itself, nobody went away.
    pub fn by(context: &Context<'_>) -> Again {
        let borne = if context.global.no_daemon { 0 } else { BORNE };
        Again { borne, left: borne }
    }

    /// Notes that something new came.
    pub fn renew(&mut self) {
        self.left = self.borne;
    }

    /// Notes a failure. Gives it back where asking again does not help, or has not.
    pub fn bear(&mut self, failed: Error) -> Result<()> {
        if failed.kind() != Kind::Unreachable || self.left == 0 {
            return Err(failed);
        }
        self.left -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_goes_away_is_borne_so_often_and_nothing_else_is() {
        let gone = || Error::new(Kind::Unreachable, "gone");
        let mut again = Again { borne: 2, left: 2 };

        assert!(again.bear(gone()).is_ok() && again.bear(gone()).is_ok());
        assert_eq!(again.bear(gone()), Err(gone()));
        again.renew();
        assert!(again.bear(gone()).is_ok());
        assert!(again.bear(Error::new(Kind::Usage, "wrong")).is_err());
    }
}
