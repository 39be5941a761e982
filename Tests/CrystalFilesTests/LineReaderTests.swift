import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Testing

@Suite("Bytes and lines of files") struct LineReaderTests {
    private static func lines(_ bytes: [UInt8]) throws -> [[UInt8]] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).txt")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var reader = try LineReader(path: file.path)
        var result: [[UInt8]] = []
        while let line = try reader.next() {
            result.append(Array(line))
            #expect(reader.line == result.count)
        }
        #expect(reader.progress == 1)
        return result
    }

    @Test("lines of any length, longer than the reader's pieces too, come in order and without their ends")
    func splits() throws {
        var random = RandomStream(seed: 9)
        for end in ["\n", "\r\n"] {
            let words = (0..<60).map { _ in
                String(repeating: "x", count: random.index(below: random.uniform() < 0.1 ? 200_000 : 80))
            }
            let text = words.joined(separator: end)
            #expect(try Self.lines(Array((text + end).utf8)) == words.map { Array($0.utf8) })
        }
        #expect(try Self.lines([]) == [])
        #expect(try Self.lines(Array("a\nb".utf8)) == [Array("a".utf8), Array("b".utf8)])
    }

    @Test(
        "TextCheck: UTF-16 with its mark is the same text, either way round; Latin-1 is read where it is not UTF-8"
    )
    func encodings() {
        let text = "Å 10.5 θ\n😀 ½\n"
        for isLittle in [true, false] {
            var bytes: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
            for unit in text.utf16 {
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
                bytes += isLittle ? [low, high] : [high, low]
            }
            #expect(TextCheck.string(TextCheck.withoutHarmlessZeros(bytes)) == text)
        }
        #expect(TextCheck.string([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == text)
        #expect(TextCheck.string([0xC5, 0x20, 0xB0]) == "Å °")
    }

    @Test("TextCheck: a zero byte where a number could stand makes a binary file")
    func binary() {
        let sound = Array("# a\u{0}b\n1 2\n".utf8)
        #expect(TextCheck.withoutHarmlessZeros(sound) == Array("# a b\n1 2\n".utf8))
        let damaged = TextCheck.withoutHarmlessZeros(Array("1 2\n3 \u{0}4\n".utf8))
        #expect(throws: CrystalFileError.self) { try TextCheck.refuseBinary(damaged, file: "x") }
    }
}

@Suite("What instruments say beside their counts") struct InstrumentRemarkTests {
    @Test("AbsorberStatistics: I = f n has the σ of n counts, f √n")
    func absorber() throws {
        let counts = [0.0, 1, 4, 100, 12_345]
        let factor = [1.0, 1, 9.5, 9.5, 90]
        let intensity = zip(counts, factor).map { $0 * $1 }
        let sigma = try #require(AbsorberStatistics.sigma(intensity: intensity, factor: factor))
        for (k, value) in sigma.enumerated() {
            #expect(abs(value - factor[k] * max(counts[k], 1).squareRoot()) < 1e-9 * value)
        }
        #expect(AbsorberStatistics.sigma(intensity: intensity, factor: counts.map { _ in 1 }) == nil)
        #expect(AbsorberStatistics.sigma(intensity: intensity, factor: [2]) == nil)
    }

    @Test("a doublet has both its lines in their ratio; one line where the second has no weight")
    func doublet() throws {
        let both = try #require(Radiation.doublet(alpha1: 1.5406, alpha2: 1.5444, ratio: 0.5))
        #expect(both.lines.map(\.wavelength) == [1.5406, 1.5444])
        #expect(abs(both.lines[1].weight / both.lines[0].weight - 0.5) < 1e-12)
        for (alpha2, ratio) in [(nil, 0.5), (1.5444, 0), (1.5444, nil), (1.5, 0.5)] as [(Double?, Double?)] {
            #expect(Radiation.doublet(alpha1: 1.5406, alpha2: alpha2, ratio: ratio)?.lines.count == 1)
        }
        #expect(Radiation.doublet(alpha1: nil, alpha2: 1.5444, ratio: 0.5) == nil)
    }

    @Test("ScanAxis: no name is both a scan of 2θ and one of another axis")
    func axes() {
        let powder = [
            "2-Theta/Theta", "TwoTheta", "Gonio", "Locked Coupled", "2θ", "2Theta-Omega", "detector scan", "",
        ]
        let others = ["Rocking Curve", "omega", "Phi", "chi", "psi", "fixed time", "ω", "X-Drive"]
        for name in powder { #expect(ScanAxis.isTwoTheta(name) && !ScanAxis.isOtherAxis(name), "\(name)") }
        for name in others { #expect(!ScanAxis.isTwoTheta(name) && ScanAxis.isOtherAxis(name), "\(name)") }
        #expect(throws: CrystalFileError.self) { try ScanAxis.check("Rocking Curve", file: "x") }
    }

    @Test("Periodicity: a record repeats in three directions or is told not to")
    func periodicity() {
        for text in ["T T T", "[true, true, true]", "1 1 1", "\"t\" \"t\" \"t\""] {
            #expect(Periodicity.warning(text) == nil, "\(text)")
        }
        for text in ["T T F", "[false, false, false]", "0 1 1"] {
            #expect(Periodicity.warning(text) == .notPeriodic(stated: text))
        }
    }

    @Test("StatedUncertainties: weights that are σ, σ² or 1/σ² of counts all come to the σ of counts")
    func uncertainties() throws {
        var random = RandomStream(seed: 12)
        let counts = (0..<200).map { _ in (10 + 5000 * random.uniform() * random.uniform()).rounded() }
        let sigma = counts.map { $0.squareRoot() }
        let columns: [(StatedUncertainties, PowderPattern.UncertaintySource)] = [
            (.init(deviations: sigma, intensity: counts), .deviations),
            (.init(deviations: counts.map { 1 / $0 }, intensity: counts), .deviationsThatAreWeights),
            (.init(weights: counts.map { 1 / $0 }, intensity: counts), .weights),
            (.init(weights: sigma, intensity: counts), .weightsThatAreDeviations),
            (.init(weights: counts, intensity: counts), .weightsThatAreVariances),
        ]
        for (read, source) in columns {
            #expect(read.source == source)
            let values = try #require(read.sigma)
            for (a, b) in zip(values, sigma) { #expect(abs(a - b) < 1e-9 * b) }
        }
        #expect(StatedUncertainties(weights: counts.map { _ in 1 }, intensity: counts).sigma == nil)
    }
}
