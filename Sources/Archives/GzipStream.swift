import CZlib

/// The bytes of a file, unpacked where it is gzip, as they are where it is not; closed with its last use.
package final class GzipStream {
    private let file: gzFile

    /// nil where the file cannot be opened.
    package init?(path: String) {
        guard let file = gzopen(path, "rb") else { return nil }
        gzbuffer(file, 1 << 17)
        self.file = file
    }

    deinit { gzclose(file) }

    /// Bytes of the file itself read so far.
    package var offset: Int { Int(gzoffset(file)) }

    /// Fills at most `count` bytes; 0 at the end, negative where the compressed data are damaged or cut short.
    package func read(into target: UnsafeMutableRawPointer, count: UInt32) -> Int {
        let filled = Int(gzread(file, target, count))
        guard filled >= 0, filled < Int(count) else { return filled }
        // zlib hands out what a cut file still holds, trailer or not, and tells of the cut by this code only.
        var code: Int32 = Z_OK
        _ = gzerror(file, &code)
        return code == Z_OK || code == Z_STREAM_END ? filled : -1
    }
}
