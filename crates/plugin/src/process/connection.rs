//! A client's connection on the Unix socket, which wakes this process only for what the client says. Knows bytes, and
//! nothing of what they mean.
//!
//! Tokio's own stream asks the kernel for both directions, and on a Unix socket the kernel then tells of room to write
//! each time the client has read an answer: a wake for nothing per write, which was a good part of what a large apply
//! cost here. So room is asked for only while an answer waits for it.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// One client.
pub(super) struct Connection {
    stream: AsyncFd<UnixStream>,
    /// Told of room to write. There only while an answer waits for it.
    room: Option<AsyncFd<OwnedFd>>,
}

impl Connection {
    /// Takes `stream` over.
    ///
    /// # Errors
    /// The kernel watches no more file descriptors.
    pub(super) fn new(stream: tokio::net::UnixStream) -> io::Result<Self> {
        Ok(Self {
            stream: watched(stream.into_std()?, Interest::READABLE)?,
            room: None,
        })
    }

    /// Does `write` now, or as soon as there is room.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        mut write: impl FnMut(&UnixStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let stream = self.stream.get_ref();
        loop {
            let Some(room) = &self.room else {
                match write(stream) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        // A descriptor of its own: the kernel watches each only once.
                        let same = OwnedFd::from(stream.try_clone()?);
                        self.room = Some(watched(same, Interest::WRITABLE)?);
                        continue;
                    }
                    done => return Poll::Ready(done),
                }
            };
            let mut ready = ready!(room.poll_write_ready(context))?;
            if let Ok(done) = ready.try_io(|_| write(stream)) {
                self.room = None;
                return Poll::Ready(done);
            }
        }
    }
}

#[expect(
    deprecated,
    reason = "what takes its place is unsafe, for the sake of descriptors that others own; these own theirs"
)]
fn watched<T: AsRawFd>(owner: T, interest: Interest) -> io::Result<AsyncFd<T>> {
    AsyncFd::with_interest(owner, interest)
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut ready = ready!(self.stream.poll_read_ready(context))?;
            let into = buffer.initialize_unfilled();
            let room = into.len();
            match ready.try_io(|stream| stream.get_ref().read(into)) {
                Ok(Ok(count)) => {
                    // Less than there was room for was all there was: whatever comes next wakes this again, so the
                    // kernel need not be asked whether there is more.
                    if 0 < count && count < room {
                        ready.clear_ready();
                    }
                    buffer.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Ok(Err(error)) => return Poll::Ready(Err(error)),
                Err(_nothing_there) => {}
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |mut stream| stream.write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |mut stream| stream.write_vectored(bytes))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.get_ref().shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Many times what a socket holds.
    const MUCH: usize = 4 << 20;

    fn pair() -> (Connection, tokio::net::UnixStream) {
        let (ours, theirs) = tokio::net::UnixStream::pair().expect("a pair");
        (Connection::new(ours).expect("watched"), theirs)
    }

    fn bytes() -> Vec<u8> {
        (0..MUCH).map(|number| (number % 251) as u8).collect()
    }

    #[tokio::test]
    async fn a_client_that_reads_late_gets_everything_in_order() {
        let (mut ours, mut theirs) = pair();
        let writing = tokio::spawn(async move {
            ours.write_all(&bytes()).await.expect("written");
            ours.shutdown().await.expect("ended");
            ours
        });
        theirs.readable().await.expect("something was written");
        assert!(!writing.is_finished(), "the rest waits for room");
        let mut all = Vec::new();
        theirs.read_to_end(&mut all).await.expect("read");
        assert!(all == bytes(), "{} bytes", all.len());
        let ours = writing.await.expect("no panic");
        assert!(ours.room.is_none(), "nothing waits for room any more");
    }

    #[tokio::test]
    async fn both_directions_go_at_once() {
        let (ours, theirs) = pair();
        let (mut read, mut write) = tokio::io::split(ours);
        let (mut their_read, mut their_write) = theirs.into_split();
        let sending = tokio::spawn(async move {
            write.write_all(&bytes()).await.expect("written");
            write
        });
        let their_sending = tokio::spawn(async move {
            their_write.write_all(&bytes()).await.expect("written");
            their_write
        });
        let (mut got, mut theirs_got) = (vec![0; MUCH], vec![0; MUCH]);
        let (ours, others) = tokio::join!(
            read.read_exact(&mut got),
            their_read.read_exact(&mut theirs_got)
        );
        assert_eq!((ours.expect("read"), others.expect("read")), (MUCH, MUCH));
        assert!(got == bytes() && theirs_got == bytes());
        drop((sending.await, their_sending.await));
    }

    #[tokio::test]
    async fn a_client_that_went_away_is_an_end_to_reading_and_an_error_to_writing() {
        let (mut ours, theirs) = pair();
        drop(theirs);
        let mut nothing = [0; 1];
        assert_eq!(ours.read(&mut nothing).await.expect("the end"), 0);
        let error = ours.write_all(&bytes()).await.expect_err("nobody is there");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
