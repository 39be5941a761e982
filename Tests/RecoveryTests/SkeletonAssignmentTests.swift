import CrystalFiles
import Crystallography
import Foundation
import Matching
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// The checkout's own data.
enum ShippedData {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ name: String) -> String { root.appendingPathComponent("Data/" + name).path }

    static func structure(_ name: String) throws -> ReducedStructure {
        let record = try CrystalFile.readFirst(path("structures/\(name).cif"))
        let operations = try #require(record.declaredOperations)
        let group = try #require(SpaceGroup.matching(operations: operations))
        return try ReducedStructure(reducing: record.structure, in: group, tolerance: 0.1)
    }
}

@Suite("Skeleton assignment")
struct SkeletonAssignmentTests {
    @Test(
        "atoms distorted by σ 0.02 go to their own orbits, seeds 1–20",
        arguments: ["pbso4", "fluorapatite", "nac"])
    func distorted(name: String) throws {
        let published = try ShippedData.structure(name)
        // The published coordinates are hidden from the skeleton.
        var skeleton = published
        let count = published.latticeParameters.names.count
        skeleton.parameterVector = published.parameterVector.enumerated().map {
            $0 < count ? $1 : 0.111 * Double($0)
        }
        let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
        for seed in UInt64(1)...(everything ? 20 : 5) {
            let start = Distortion(lattice: 0.03, coordinates: 0.02).applied(
                to: published.expanded(), seed: seed)
            let result = try SkeletonAssignment().assign(start, on: skeleton).structure
            let description = try #require(
                EquivalentDescription.closest(result.expanded(), to: published.expanded()))
            #expect(description.rmsDisplacement < 0.2, "\(name) seed \(seed)")
            #expect(description.maximumDisplacement < 0.45, "\(name) seed \(seed)")
        }
    }

    @Test("a start of another composition is refused")
    func composition() throws {
        let skeleton = try ShippedData.structure("pbso4")
        var start = skeleton.expanded()
        start.sites.removeLast()
        #expect(throws: SkeletonError.self) { try SkeletonAssignment().assign(start, on: skeleton) }
    }
}
