//! A task that wakes itself goes to the end of the line, and another thread is woken to take it over. Between a request's
//! body and whoever reads it such wakings come with every request, though nothing has to be waited for: here they mean
//! that the task is polled again at once.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

use crate::afterwards;

/// Polls in a row at most; then others get their turn.
const IN_A_ROW: usize = 4;

/// It is being polled.
const POLLED: u8 = 1;
/// It was woken since the last poll began.
const WOKEN: u8 = 2;

/// A future that is polled again at once where it was woken meanwhile. What it puts off is done [afterwards].
pub struct AtOnce<F> {
    future: Pin<Box<F>>,
    bell: Arc<Bell>,
    waker: Waker,
}

#[derive(Default)]
struct Bell {
    state: AtomicU8,
    task: AtomicWaker,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Whoever polls sees it when it is done.
        if self.state.fetch_or(WOKEN, Ordering::AcqRel) & POLLED == 0 {
            self.task.wake();
        }
    }
}

impl<F: Future> AtOnce<F> {
    /// The same future.
    pub fn new(future: F) -> AtOnce<F> {
        let bell = Arc::<Bell>::default();
        AtOnce { future: Box::pin(future), waker: Waker::from(Arc::clone(&bell)), bell }
    }
}

impl<F: Future> Future for AtOnce<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let _until_answered = afterwards::begin();
        this.bell.task.register(context.waker());
        for _ in 0..IN_A_ROW {
            this.bell.state.swap(POLLED, Ordering::AcqRel);
            let polled = this.future.as_mut().poll(&mut Context::from_waker(&this.waker));
            let is_woken = this.bell.state.swap(0, Ordering::AcqRel) & WOKEN != 0;
            if polled.is_ready() || !is_woken {
                return polled;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll<F: Future>(future: &mut AtOnce<F>, count: &Arc<Count>) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(&Waker::from(Arc::clone(count))))
    }

    #[test]
    fn who_wakes_itself_goes_on_and_wakes_nobody() {
        let count = Arc::<Count>::default();
        let mut polls = 0;
        let mut future = AtOnce::new(poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls == 3 { Poll::Ready(()) } else { Poll::Pending }
        }));

        assert!(poll(&mut future, &count).is_ready());

        assert_eq!(count.0.load(Ordering::Relaxed), 0);
    }

    fn put_off(done: &Arc<AtomicUsize>) {
        let done = Arc::clone(done);
        afterwards::afterwards(move || {
            done.fetch_add(1, Ordering::Relaxed);
        });
    }

    #[test]
    fn what_is_put_off_is_done_when_the_poll_is_over_and_not_before() {
        let count = Arc::<Count>::default();
        let done = Arc::<AtomicUsize>::default();
        let mut seen = Vec::new();
        let mut polls = 0;
        let mut future = AtOnce::new(poll_fn(|_| {
            polls += 1;
            put_off(&done);
            seen.push(done.load(Ordering::Relaxed));
            if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
        }));

        assert!(poll(&mut future, &count).is_pending());
        assert_eq!(done.load(Ordering::Relaxed), 1);
        assert!(poll(&mut future, &count).is_ready());

        drop(future);
        assert_eq!((done.load(Ordering::Relaxed), seen), (2, vec![0, 1]));
    }

    #[test]
    fn a_poll_that_panics_leaves_nothing_put_off() {
        let done = Arc::<AtomicUsize>::default();
        let mut future = AtOnce::new(poll_fn(|_| -> Poll<()> {
            put_off(&done);
            panic!("on purpose")
        }));
        let polled = std::panic::AssertUnwindSafe(|| poll(&mut future, &Arc::default()).is_ready());

        assert!(std::panic::catch_unwind(polled).is_err());

        assert_eq!(done.load(Ordering::Relaxed), 1);
        put_off(&done);
        assert_eq!(done.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn who_never_stops_gives_others_their_turn() {
        let count = Arc::<Count>::default();
        let mut future = AtOnce::new(poll_fn(|context| {
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        }));

        assert!(poll(&mut future, &count).is_pending());

        assert_eq!(count.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn who_is_woken_later_is_woken() {
        let count = Arc::<Count>::default();
        let held = Mutex::new(None);
        let mut future = AtOnce::new(poll_fn(|context| {
            *held.lock().unwrap() = Some(context.waker().clone());
            Poll::<()>::Pending
        }));

        assert!(poll(&mut future, &count).is_pending());
        held.lock().unwrap().take().unwrap().wake();

        assert_eq!(count.0.load(Ordering::Relaxed), 1);
    }

    /// Wakings from another thread, at any moment of the polling: none of them may be lost.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_waking_is_lost() {
        for _ in 0..200 {
            let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
            let reading = tokio::spawn(AtOnce::new(async move {
                let mut sum = 0;
                while let Some(number) = receiver.recv().await {
                    sum += number;
                }
                sum
            }));
            for number in 0..100 {
                sender.send(number).await.unwrap();
            }
            drop(sender);
            assert_eq!(reading.await.unwrap(), 4_950);
        }
    }
}
