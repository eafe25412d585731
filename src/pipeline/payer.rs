//! Which askers of an equal prompt may share a call: those who pay with the same key and hold the answer to the same
//! schema.

use xxhash_rust::xxh3::xxh3_64;

use super::flight::FlightId;
use super::key::Fingerprint;
use super::{Exchange, SentKey};

impl FlightId {
    /// The flight an exchange joins.
    pub fn of(exchange: &Exchange, fingerprint: &Fingerprint) -> FlightId {
        let payer = match &exchange.key {
            SentKey::Given(secret) => xxh3_64(secret.reveal().as_bytes()),
            SentKey::NotFound => 1,
            SentKey::Unsaid => 2,
        };
        // One of the headers may say whose bill it is, and be refused for it.
        let headers = exchange.beside.headers.iter();
        let payer = headers.fold(payer, |payer, (_, value)| payer.rotate_left(7) ^ xxh3_64(value.reveal().as_bytes()));
        let Some(schema) = &exchange.schema else { return FlightId { key: fingerprint.key, payer } };
        // Who holds the answer to another schema, or would ask for it more often, is not to be failed by this one.
        let fit = xxh3_64(&[schema.stamp().to_le_bytes(), u64::from(exchange.schema_retries).to_le_bytes()].concat());
        FlightId { key: fingerprint.key, payer: payer.rotate_left(7) ^ fit }
    }
}
