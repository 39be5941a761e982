import CrystalFiles

/// Reads a set piece by piece, so that the next piece is read while one is judged.
package actor RecordReader {
    /// A record and its place in the whole set, from 0.
    package struct Entry: Sendable {
        package var ordinal: Int
        package var element: CrystalRecordStream.Element
    }

    private var iterator: CrystalRecordStream.Iterator
    private var count = 0
    /// Records read before they are shared among the cores: enough that no core waits long for the slowest of them.
    private static let batch = 128

    init(path: String) throws {
        iterator = try CrystalRecordStream(path: path).makeIterator()
    }

    /// The next records whose place is not in `done`; empty behind the last.
    func next(besides done: Set<Int> = []) -> [Entry] {
        var entries: [Entry] = []
        while entries.count < Self.batch, let element = iterator.next() {
            if !done.contains(count) { entries.append(Entry(ordinal: count, element: element)) }
            count += 1
        }
        return entries
    }

    /// Records read so far.
    var read: Int { count }
}
