//! Messages in the encoding of gRPC: prost's, with buffers as small as the messages. Knows no message.

use std::marker::PhantomData;

use prost::Message;
use tonic::codec::{BufferSettings, Codec as TonicCodec, ProstCodec};

/// Each call allocates this much for what comes and for what goes, and more where it is needed. tonic's 8 KiB are more
/// than the allocator keeps at hand; most calls are of some hundred bytes.
const BUFFER: usize = 1 << 10;

/// When an answer of several messages goes out; tonic's own number. Here every answer is one message.
const YIELD: usize = 32 << 10;

/// Encodes a `T` and decodes a `U`.
#[derive(Debug)]
pub(crate) struct Codec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Codec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> TonicCodec for Codec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = <ProstCodec<T, U> as TonicCodec>::Encoder;
    type Decoder = <ProstCodec<T, U> as TonicCodec>::Decoder;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<T, U>::raw_encoder(BufferSettings::new(BUFFER, YIELD))
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<T, U>::raw_decoder(BufferSettings::new(BUFFER, YIELD))
    }
}
