import Crystallography
import Foundation
import NumericalMethods

/// One pair of Fixtures/pairs.txt with the verdict of pymatgen's StructureMatcher in both orders.
struct MatchedPair: Sendable {
    var number: Int
    var kind: String
    var fits: (Bool, Bool)
    var rms: Double
    var maximum: Double
    var milliseconds: Double
    var first: CrystalStructure
    var second: CrystalStructure

    static func read(_ url: URL) throws -> [MatchedPair] {
        var lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")[...]
        func structure() -> CrystalStructure {
            let v = lines.removeFirst().split(separator: " ").compactMap { Double($0) }
            let count = Int(lines.removeFirst()) ?? 0
            let lattice = Lattice(
                vectors: Matrix3(
                    rows: SIMD3(v[0], v[1], v[2]), SIMD3(v[3], v[4], v[5]), SIMD3(v[6], v[7], v[8])))
            let sites = (0..<count).compactMap { _ -> Site? in
                let words = lines.removeFirst().split(separator: " ")
                let x = words.dropFirst().compactMap { Double($0) }
                return Element(symbol: words[0]).map { Site($0, at: SIMD3(x[0], x[1], x[2])) }
            }
            return CrystalStructure(lattice: lattice, sites: sites)
        }
        var pairs: [MatchedPair] = []
        while !lines.isEmpty {
            let head = lines.removeFirst().split(separator: " ")
            pairs.append(
                MatchedPair(
                    number: pairs.count, kind: String(head[1]), fits: (head[2] == "1", head[3] == "1"),
                    rms: Double(head[4]) ?? .nan, maximum: Double(head[5]) ?? .nan,
                    milliseconds: Double(head[6]) ?? .nan, first: structure(), second: structure()))
        }
        return pairs
    }

    /// Fixtures/pairs.txt, or the file that WYCKOFF_PAIRS names.
    static let all: [MatchedPair] = {
        let file = ProcessInfo.processInfo.environment["WYCKOFF_PAIRS"].map { URL(fileURLWithPath: $0) }
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return (try? read(file ?? here.appendingPathComponent("Fixtures/pairs.txt"))) ?? []
    }()
}
