//! Looks at the head of each frame as it comes in.
//!
//! The library gathers a frame until it is whole before it compares its size with the limit: a head
//! that announces a gigabyte would have it gather a gigabyte.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    FromRequest, HttpRequest, dev,
    error::PayloadError,
    web::{Bytes, Payload},
};
use futures_util::Stream;

/// Two bytes, the long length, the mask.
const HEAD_BYTES_MAX: usize = 14;

/// The same bytes, up to the first frame that is larger than allowed; there they end with an error.
pub(super) fn limited(
    request: &HttpRequest,
    payload: Payload,
    frame_bytes_max: usize,
) -> Result<Payload, actix_web::Error> {
    let heads = Heads { head: Vec::with_capacity(HEAD_BYTES_MAX), rest: 0, frame_bytes_max };
    let limited = Limited { payload: payload.into_inner(), heads, is_over: false };
    let limited: BoxedBytes = Box::pin(limited);
    let mut payload = dev::Payload::Stream { payload: limited };
    Payload::from_request(request, &mut payload).into_inner()
}

type BoxedBytes = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

struct Limited {
    payload: dev::Payload,
    heads: Heads,
    is_over: bool,
}

impl Stream for Limited {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let next = ready!(Pin::new(&mut self.payload).poll_next(context));
        if let Some(Ok(bytes)) = &next
            && self.heads.pass(bytes).is_err()
        {
            self.is_over = true;
            return Poll::Ready(Some(Err(PayloadError::Overflow)));
        }
        Poll::Ready(next)
    }
}

/// A frame that announces more than is allowed.
#[derive(Debug, PartialEq, Eq)]
struct TooLarge;

/// Where in the stream of frames we are.
struct Heads {
    /// What there is of the head that is being read.
    head: Vec<u8>,
    /// What is still to come of the frame whose head has been read.
    rest: u64,
    frame_bytes_max: usize,
}

impl Heads {
    fn pass(&mut self, mut bytes: &[u8]) -> Result<(), TooLarge> {
        while !bytes.is_empty() {
            if self.rest > 0 {
                let length = usize::try_from(self.rest).unwrap_or(usize::MAX).min(bytes.len());
                bytes = &bytes[length..];
                self.rest -= length as u64;
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            let Some(length) = length_of(&self.head) else { continue };
            if length > self.frame_bytes_max as u64 {
                return Err(TooLarge);
            }
            self.head.clear();
            self.rest = length;
        }
        Ok(())
    }
}

/// What a whole head says of the length of what follows; none while it is not whole.
fn length_of(head: &[u8]) -> Option<u64> {
    let second = *head.get(1)?;
    let mask_bytes = if second & 0x80 == 0 { 0 } else { 4 };
    let (length_bytes, length) = match second & 0x7f {
        126 => (2, big_endian(head.get(2..4)?)),
        127 => (8, big_endian(head.get(2..10)?)),
        short => (0, u64::from(short)),
    };
    (head.len() >= 2 + length_bytes + mask_bytes).then_some(length)
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 70_000;

    fn frame(length: u64, is_masked: bool) -> Vec<u8> {
        let mask = if is_masked { 0x80 } else { 0 };
        let mut bytes = vec![0x81];
        match length {
            0..126 => bytes.push(mask | u8::try_from(length).unwrap()),
            126..65_536 => {
                bytes.push(mask | 0x7e);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(mask | 0x7f);
                bytes.extend(length.to_be_bytes());
            }
        }
        if is_masked {
            // A mask and a content that look like heads.
            bytes.extend([0x81, 0xff, 0x81, 0xff]);
        }
        bytes.extend(std::iter::repeat_n(0xff, usize::try_from(length).unwrap().min(MOST + 1)));
        bytes
    }

    fn pass(bytes: &[u8], chunk: usize) -> Result<(), TooLarge> {
        let mut heads = Heads { head: Vec::new(), rest: 0, frame_bytes_max: MOST };
        bytes.chunks(chunk).try_for_each(|bytes| heads.pass(bytes))
    }

    #[test]
    fn frames_within_the_limit_pass_however_they_are_cut() {
        let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, MOST as u64];
        for is_masked in [true, false] {
            let all: Vec<u8> =
                lengths.iter().flat_map(|length| frame(*length, is_masked)).collect();
            for chunk in [1, 2, 3, 7, 13, 1_000, all.len()] {
                assert_eq!(pass(&all, chunk), Ok(()), "{chunk}");
            }
        }
    }

    #[test]
    fn a_head_that_announces_too_much_is_stopped_before_the_rest() {
        for length in [MOST as u64 + 1, 1 << 40, u64::MAX] {
            let whole = frame(length, true);
            let before = frame(3, true);
            for chunk in [1, 5, 100] {
                let bytes: Vec<u8> = before.iter().chain(&whole[..14]).copied().collect();
                assert_eq!(pass(&bytes, chunk), Err(TooLarge), "{length}");
            }
        }
    }
}
