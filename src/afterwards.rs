//! What an answer need not wait for, such as its line in the log: put off until the answer has left, and done by the same
//! thread then. Whoever polls what answers [begins](begin); where nobody has, nothing is put off.

use std::cell::RefCell;
use std::marker::PhantomData;

type Work = Box<dyn FnOnce()>;

thread_local! {
    static PUT_OFF: RefCell<Option<Vec<Work>>> = const { RefCell::new(None) };
}

/// Does `work` once the answer at hand has left: now, where there is none.
pub fn afterwards(work: impl FnOnce() + 'static) {
    let is_put_off = PUT_OFF.try_with(|put_off| put_off.borrow().is_some()).unwrap_or(false);
    if is_put_off {
        PUT_OFF.with_borrow_mut(|put_off| put_off.get_or_insert_default().push(Box::new(work)));
    } else {
        work();
    }
}

/// From now on things are put off on this thread, until what is returned is dropped and they are done.
pub fn begin() -> Until {
    let begun = PUT_OFF.with_borrow_mut(|put_off| {
        let is_outermost = put_off.is_none();
        put_off.get_or_insert_default();
        is_outermost
    });
    Until { begun, of_this_thread: PhantomData }
}

/// See [`begin`].
#[must_use]
pub struct Until {
    /// False where it was begun further out, which is where it ends.
    begun: bool,
    of_this_thread: PhantomData<*const ()>,
}

impl Drop for Until {
    fn drop(&mut self) {
        if self.begun {
            let put_off = PUT_OFF.take();
            put_off.into_iter().flatten().for_each(|work| work());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    fn noting(done: &Rc<RefCell<Vec<u32>>>, number: u32) -> impl FnOnce() + use<> {
        let done = Rc::clone(done);
        move || done.borrow_mut().push(number)
    }

    #[test]
    fn what_is_put_off_is_done_in_its_order_when_the_outermost_ends() {
        let done = Rc::default();
        {
            let _until = begin();
            afterwards(noting(&done, 1));
            drop(begin());
            afterwards(noting(&done, 2));
            assert!(done.borrow().is_empty());
        }
        assert_eq!(*done.borrow(), [1, 2]);
    }

    #[test]
    fn nothing_is_put_off_where_nobody_has_begun() {
        let done = Rc::default();
        drop(begin());
        afterwards(noting(&done, 1));
        assert_eq!(*done.borrow(), [1]);
    }

    #[test]
    fn what_puts_off_more_while_it_is_done_does_it_at_once() {
        let done = Rc::default();
        let until = begin();
        let more = noting(&done, 1);
        afterwards(|| afterwards(more));
        drop(until);
        assert_eq!(*done.borrow(), [1]);
    }
}
