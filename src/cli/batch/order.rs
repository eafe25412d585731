//! Rows in the order of their lines, whatever order they come in. Holds no more than the lines that are on their way.

use std::collections::VecDeque;

use super::feed::{Fate, Slot};

/// The lines on their way, oldest first.
#[derive(Default)]
pub struct Order {
    lines: VecDeque<Waiting>,
    /// The index of the first of them.
    first: u64,
}

/// A line whose row is not written yet.
pub struct Waiting {
    /// Its id as JSON.
    pub id: Option<String>,
    /// Which line.
    pub index: u64,
    /// Its number in the file, from 1.
    pub number: u64,
    /// A hash of it.
    pub fingerprint: u128,
    /// Bytes of its request.
    pub bytes: usize,
    row: Option<Vec<u8>>,
}

impl Order {
    /// Adds the next line. Its row, where it has one already, is the caller's to count.
    pub fn begin(&mut self, slot: Slot) {
        let Slot { index, number, id, fingerprint, bytes, fate } = slot;
        let row = match fate {
            Fate::Sent => None,
            Fate::Broken(row, _) | Fate::Done(row) => Some(row),
        };
        self.lines.push_back(Waiting { id, index, number, fingerprint, bytes, row });
    }

    /// The line of that index.
    pub fn line(&self, index: u64) -> Option<&Waiting> {
        self.lines.get(usize::try_from(index.checked_sub(self.first)?).ok()?)
    }

    /// Gives a line its row.
    pub fn finish(&mut self, index: u64, row: Vec<u8>) {
        let at = index.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        if let Some(line) = at.and_then(|at| self.lines.get_mut(at)) {
            line.row = Some(row);
        }
    }

    /// The next row in order, and the bytes of its line, if it is there.
    pub fn next(&mut self) -> Option<(Vec<u8>, usize)> {
        let row = self.lines.front_mut()?.row.take()?;
        self.first += 1;
        let bytes = self.lines.pop_front().map_or(0, |line| line.bytes);
        Some((row, bytes))
    }

    /// The rows that are there, in order, past those that are not. Nothing comes after this.
    pub fn rest(self) -> impl Iterator<Item = Vec<u8>> {
        self.lines.into_iter().filter_map(|line| line.row)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slot(index: u64, fate: Fate) -> Slot {
        Slot { index, number: index + 1, id: None, fingerprint: 0, bytes: 1, fate }
    }

    fn drained(order: &mut Order) -> Vec<u8> {
        std::iter::from_fn(|| order.next()).flat_map(|(row, _)| row).collect()
    }

    #[test]
    fn what_is_done_waits_for_what_is_not() {
        let mut order = Order::default();
        order.begin(slot(0, Fate::Sent));
        order.begin(slot(1, Fate::Done(b"b".to_vec())));
        order.begin(slot(2, Fate::Sent));
        assert_eq!(drained(&mut order), b"");

        order.finish(2, b"c".to_vec());
        assert_eq!(drained(&mut order), b"");
        order.finish(0, b"a".to_vec());

        assert_eq!(drained(&mut order), b"abc");
        assert!(order.line(0).is_none());
    }

    #[test]
    fn at_the_end_what_is_there_is_told_past_what_is_not() {
        let mut order = Order::default();
        order.begin(slot(0, Fate::Sent));
        order.begin(slot(1, Fate::Done(b"b".to_vec())));

        assert_eq!(order.rest().collect::<Vec<_>>(), [b"b"]);
    }

    proptest! {
        #[test]
        fn any_order_of_answers_ends_in_the_order_of_lines(shuffled in Just((0..40u64).collect::<Vec<_>>()).prop_shuffle()) {
            let mut order = Order::default();
            (0..40).for_each(|index| order.begin(slot(index, Fate::Sent)));
            let mut rows = Vec::new();
            for index in shuffled {
                order.finish(index, vec![index as u8]);
                rows.extend(drained(&mut order));
            }
            prop_assert_eq!(rows, (0..40).collect::<Vec<u8>>());
        }
    }
}
