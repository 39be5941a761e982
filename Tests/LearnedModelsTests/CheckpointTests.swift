import Foundation
import LearnedModels
import NumericalMethods
import Testing

private let store = ModelStore.standard
private let isInstalled = store.isInstalled(.chgnet)
private let manifestURL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data/chgnet/chgnet_0.3.0.manifest.json")

private struct Manifest: Decodable {
    struct Tensor: Decodable {
        var name: String
        var shape: [Int]
        var offset: Int
    }
    var count: Int
    var sha256: String
    var tensors: [Tensor]
}

/// Reaches `CheckpointTensor`.
@Suite struct CheckpointTests {
    /// Written by PyTorch 2.13, in its archive and in the stream of before 1.6.
    @Test(arguments: ["archive", "stream"])
    func bothFormatsOfPyTorchGiveTheTensorsThatWereSaved(format: String) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/checkpoint/\(format).pth.tar").path
        let checkpoint = try Checkpoint(path: path)
        #expect(try checkpoint.values("layer.weight", shape: 2, 3) == [0, 0.25, 0.5, 0.75, 1, 1.25])
        #expect(try checkpoint.values("layer.bias", shape: 2) == [0.5, -1.25])
        #expect(throws: CheckpointError.self) { try checkpoint.values("layer.bias", shape: 3) }
    }

    /// Written by PyTorch 2.15 as training programs do: weights at the root in 32 and 64 bits, a counter, a normalizer of
    /// tensors and a device among the arguments; {"state_dict", "normalizer", "best_mse_error", "args"}.
    @Test(arguments: ["trainer-archive", "trainer-stream"])
    func whatTrainersSaveIsReadWithItsNormalizer(format: String) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/checkpoint/\(format).pth.tar").path
        let checkpoint = try Checkpoint(path: path)
        #expect(checkpoint.tensors.map(\.name) == ["layer.weight", "layer.bias"])
        #expect(try checkpoint.values("layer.weight", shape: 2, 3) == [0, 0.25, 0.5, 0.75, 1, 1.25])
        #expect(try checkpoint.values("layer.bias", shape: 2) == [0.5, -1.25])
        #expect(checkpoint.settings["normalizer.mean"] == "2.5")
        #expect(checkpoint.settings["normalizer.std"].flatMap(Double.init) == Double(Float(0.1)))
        #expect(checkpoint.settings["n_conv"] == "2" && checkpoint.settings["device"] == "cpu")
        #expect(checkpoint.settings["best_mse_error"] == "0.25")
    }

    @Test(
        .enabled(if: isInstalled, "the model is not installed: wyckoff models fetch"),
        .enabled(
            if: FileManager.default.fileExists(atPath: manifestURL.path), "the manifest is not at hand"))
    func tensorsAgreeWithTheManifestBitForBit() throws {
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: manifestURL))
        let checkpoint = try store.checkpoint(.chgnet)
        #expect(checkpoint.tensors.map(\.name) == manifest.tensors.map(\.name))
        #expect(checkpoint.tensors.map(\.shape) == manifest.tensors.map(\.shape))
        let numbers = checkpoint.tensors.flatMap(\.values)
        #expect(numbers.count == manifest.count)
        let bytes = numbers.flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
        }
        #expect(SHA256.hexDigest(bytes) == manifest.sha256)
        #expect(checkpoint.settings["cutoff_coeff"] == "8")
    }

    /// libFuzzer's find: what a file asks for was repeated with its line ends and control characters.
    @Test func messagesAreOneLineWhateverAFileSays() {
        let request = "os\nsystem\u{1B}[2J\r" + String(repeating: "x", count: 500)
        let messages = [
            CheckpointError.refused(file: "f", request: request).description,
            CheckpointError.damaged(file: "f", reason: request).description,
            CheckpointError.tensor(file: "f", name: request, reason: "is missing").description,
        ]
        for message in messages {
            #expect(!message.unicodeScalars.contains { $0.properties.generalCategory == .control })
            #expect(message.count < 400)
        }
    }

    /// A checksum alone would refuse these; here the reader itself must stand.
    @Test(.enabled(if: isInstalled, "the model is not installed: wyckoff models fetch"))
    func damagedFilesGiveAnErrorOrTensorsAndNeverCrash() throws {
        let path = store.path(of: .chgnet)
        let whole = try [UInt8](#require(FileManager.default.contents(atPath: path)))
        var random = RandomStream(seed: 7)
        var refused = 0
        // The pickle stands at the front, the directory at the end.
        for round in 0..<150 {
            var bytes = whole
            let flips = 1 + Int(random.next() % 4)
            for _ in 0..<flips {
                let offset = Int(random.next() % 72_000)
                bytes[round.isMultiple(of: 3) ? bytes.count - 1 - offset : offset] ^= UInt8(
                    1 << (random.next() % 8))
            }
            if (try? Checkpoint(bytes, file: "damaged")) == nil { refused += 1 }
        }
        #expect(refused > 100)
        for length in [0, 1, 21, 22, 100, 70_000, whole.count - 1] {
            #expect(throws: CheckpointError.self) { try Checkpoint(Array(whole.prefix(length)), file: "cut") }
        }
    }

    @Test func foreignFilesAreRefused() {
        let texts = ["", "hello", "PK\u{3}\u{4}", String(repeating: "PK\u{5}\u{6}", count: 20)]
        for text in texts {
            #expect(throws: CheckpointError.self) { try Checkpoint(Array(text.utf8), file: "foreign") }
        }
    }

    /// What an attacker writes: names of functions to call, objects to build, opcodes of later protocols.
    @Test(arguments: [
        "cos\nsystem\n(S'echo'\ntR.", "cposix\nsystem\n(X\u{4}\u{0}\u{0}\u{0}echotR.",
        "c__builtin__\neval\n)R.", "(i__builtin__\neval\n.", "ctorch._utils\n_rebuild_tensor_v2\n)R.",
        "ctorch\nFloatStorage\n)R.", "ccollections\nOrderedDict\n(K\u{1}tR.", "Q.", "R.", "}K\u{1}K\u{2}s",
        "h\u{5}.", "(((((", "ttttt", ".", "]]ab.", "P1\n.", "}N}b.",
    ])
    func maliciousPicklesAreRefusedAndNothingRuns(pickle: String) {
        #expect(throws: CheckpointError.self) {
            try Checkpoint(StoredZip.make(["x/data.pkl": Array(pickle.utf8)]), file: "malicious")
        }
    }

    /// A recursive reader would overflow its stack.
    @Test func deepNestingDoesNotOverflow() {
        var pickle = [UInt8](repeating: UInt8(ascii: ")"), count: 1)
        pickle += [UInt8](repeating: 0x85, count: 2_000_000)
        pickle.append(UInt8(ascii: "."))
        #expect(throws: CheckpointError.self) {
            try Checkpoint(StoredZip.make(["x/data.pkl": pickle]), file: "deep")
        }
    }

    @Test func digestsAreThoseOfTheStandard() {
        // FIPS 180-4, examples.
        #expect(
            SHA256.hexDigest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.hexDigest(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.hexDigest(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test func aMissingModelSaysHowToGetIt() throws {
        let empty = ModelStore(
            folder: FileManager.default.temporaryDirectory.appendingPathComponent("wyckoff-no-models"))
        let error = #expect(throws: ModelStoreError.self) { try empty.checkpoint(.chgnet) }
        #expect("\(try #require(error))".contains("wyckoff models fetch"))
    }

    @Test func aForeignWheelInstallsNothing() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wyckoff-foreign-wheel")
        let target = ModelStore(folder: folder)
        #expect(throws: ModelStoreError.self) {
            try target.install(fromWheel: StoredZip.make(["a": [1, 2, 3]]), of: .chgnet)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
}

/// A ZIP archive of stored entries.
enum StoredZip {
    static func make(_ entries: [String: [UInt8]]) -> [UInt8] {
        var (body, directory): ([UInt8], [UInt8]) = ([], [])
        func little(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        for (name, content) in entries.sorted(by: { $0.key < $1.key }) {
            let offset = body.count
            let common =
                little(20, 2) + little(0, 8) + little(Int(checksum(content)), 4) + little(content.count, 4)
                + little(content.count, 4) + little(name.utf8.count, 2)
            body += little(0x0403_4B50, 4) + common + little(0, 2) + Array(name.utf8) + content
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 12) + little(offset, 4)
            directory += Array(name.utf8)
        }
        let count = little(entries.count, 2)
        return body + directory + little(0x0605_4B50, 4) + little(0, 4) + count + count
            + little(directory.count, 4) + little(body.count, 4) + little(0, 2)
    }

    /// CRC-32 (ISO 3309).
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
