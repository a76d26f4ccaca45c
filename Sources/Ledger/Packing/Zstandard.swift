// SPDX-License-Identifier: Apache-2.0
import CZstd
import Synchronization

/// Compression by zstd (RFC 8878), with a checksum in each frame.
///
/// Contexts are kept from call to call, because making one costs more than packing an hour; one
/// caller at a time has them.
final class Zstandard: Sendable {
    /// Level 3 of 1…19.
    ///
    /// On an hour of noisy measurements levels 1 to 9 gave the same 7,461 octets and 19 gave 7,427:
    /// what the columns leave is noise.
    static let level: Int32 = 3
    /// Most octets that one frame may unpack to, because damage may announce any number.
    ///
    /// A day of a camera is below 300 kB, a span of hourly roll-ups below 1 MB.
    static let largestFrame = 16 << 20

    private let contexts: Mutex<Contexts>

    /// Makes the contexts; nil if there is no memory for them.
    init?(level: Int32 = Zstandard.level) {
        guard let contexts = Contexts(level: level) else { return nil }
        self.contexts = Mutex(contexts)
    }

    /// The library's contexts: one owner, freed with it.
    @safe private struct Contexts: ~Copyable {
        let compression: OpaquePointer
        let decompression: OpaquePointer

        init?(level: Int32) {
            guard let compression = unsafe ZSTD_createCCtx() else { return nil }
            guard let decompression = unsafe ZSTD_createDCtx() else {
                unsafe ZSTD_freeCCtx(compression)
                return nil
            }
            unsafe self.compression = compression
            unsafe self.decompression = decompression
            _ = unsafe ZSTD_CCtx_setParameter(compression, ZSTD_c_compressionLevel, level)
            _ = unsafe ZSTD_CCtx_setParameter(compression, ZSTD_c_checksumFlag, 1)
        }

        deinit {
            unsafe ZSTD_freeCCtx(compression)
            unsafe ZSTD_freeDCtx(decompression)
        }
    }

    /// Packs `bytes` into one frame.
    func pack(_ bytes: [UInt8]) throws(PackingFault) -> [UInt8] {
        let (packed, size) = contexts.withLock { contexts in
            var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
            let size = unsafe ZSTD_compress2(
                contexts.compression, &packed, packed.count, bytes, bytes.count)
            if ZSTD_isError(size) == 0 { packed.removeSubrange(size...) }
            return (packed, size)
        }
        try Self.check(size)
        return packed
    }

    /// Unpacks one frame, checksum and all.
    func unpack(
        _ bytes: [UInt8], upTo limit: Int = Zstandard.largestFrame
    ) throws(PackingFault) -> [UInt8] {
        let announced = unsafe ZSTD_getFrameContentSize(bytes, bytes.count)
        // The two highest numbers mean "unknown" and "no frame".
        guard announced <= UInt64(min(limit, Self.largestFrame)) else {
            throw .compression("its length is not that of a frame")
        }
        let (unpacked, size) = contexts.withLock { contexts in
            var unpacked = [UInt8](repeating: 0, count: Int(announced))
            let size = unsafe ZSTD_decompressDCtx(
                contexts.decompression, &unpacked, unpacked.count, bytes, bytes.count)
            if ZSTD_isError(size) == 0 { unpacked.removeSubrange(size...) }
            return (unpacked, size)
        }
        try Self.check(size)
        return unpacked
    }

    private static func check(_ size: Int) throws(PackingFault) {
        guard ZSTD_isError(size) != 0 else { return }
        throw .compression(unsafe String(cString: ZSTD_getErrorName(size)))
    }
}
