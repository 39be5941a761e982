import CrystalFiles
import Crystallography
import Foundation
import Matching
import Testing

/// The null arms of paper A: how often a distorted structure "matches" although nothing was done. The shares were
/// measured with pymatgen on the same eight structures, 50 distortions each.
@Suite struct NullArmTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/landscape-paper")
    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    @Test(
        .enabled(if: isThere, "needs ../shared"),
        arguments: [(0.01, 1.00), (0.02, 0.915), (0.05, 0.395), (0.1, 0.13)])
    func coordinateNoiseIsForgivenAsOftenAsByPymatgen(_ sigma: Double, _ share: Double) throws {
        #expect(try Self.isNear(Self.matches(Distortion(coordinates: sigma)), share))
    }

    @Test(
        .enabled(if: isThere, "needs ../shared"),
        arguments: [(0.02, 1.00), (0.05, 0.95), (0.1, 0.29), (0.2, 0.04)])
    func latticeNoiseIsForgivenAsOftenAsByPymatgen(_ sigma: Double, _ share: Double) throws {
        #expect(try Self.isNear(Self.matches(Distortion(lattice: sigma)), share))
    }

    static let trials = 400

    static func matches(_ distortion: Distortion) throws -> Int {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "cif" }.sorted { $0.path < $1.path }
        var matched = 0
        for file in files {
            let structure = try CrystalFile.readFirst(file.path).structure
            let candidate = MatchCandidate(structure)
            for seed in 0..<UInt64(trials / files.count) {
                let distorted = MatchCandidate(distortion.applied(to: structure, seed: seed))
                if StructureMatch.isMatch(candidate, distorted, tolerances: .strict) { matched += 1 }
            }
        }
        return matched
    }

    /// Two draws of `trials` each: within three standard deviations of their difference.
    static func isNear(_ matched: Int, _ share: Double) -> Bool {
        let deviation = (max(share * (1 - share), 1e-3) * 2 / Double(trials)).squareRoot()
        return abs(Double(matched) / Double(trials) - share) < 3 * deviation
    }
}
