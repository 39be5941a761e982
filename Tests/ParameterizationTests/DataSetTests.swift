import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Thousands of structures of two public sets through find, standardise, reduce and expand. A seeded sample; every
/// record where WYCKOFF_LAWS is set.
@Suite("Data sets", .serialized)
struct DataSetTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data").standardized
    static let isThere = FileManager.default.fileExists(atPath: folder.path)
    static let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil

    struct Tally: Sendable {
        var records = 0
        var failures: [String] = []
        var otherGroups: [String] = []
    }

    /// - Parameter share: of the records that are looked at, where not all are.
    static func run(_ name: String, tolerance: Double, share: Double) throws -> Tally {
        var tally = Tally()
        var random = RandomStream(seed: 11)
        for entry in try CrystalRecordStream(path: folder.appendingPathComponent(name).path) {
            guard everything || random.uniform() < share else { continue }
            tally.records += 1
            do {
                let record = try entry.result.get()
                let found = try SymmetryFinder.find(in: record.structure, tolerance: tolerance)
                let standard = try SymmetryFinder.standardize(record.structure, found)
                let reduced = try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
                let difference = ReducedStructureTests.largestDifference(
                    standard.structure, reduced.expanded())
                if difference > 1e-8 { tally.failures.append("\(record.name): expands \(difference) Å away") }
                // Where the set names no group its CIFs say P 1, which claims nothing.
                if let declared = record.declaredNumber, declared > 1, declared != found.spaceGroup.number {
                    tally.otherGroups.append(
                        "\(record.name): \(found.spaceGroup.number), the file says \(declared)")
                }
            } catch {
                tally.failures.append("record \(entry.index): \(error)")
            }
        }
        return tally
    }

    @Test(
        "OQMD at 0.01 Å: no failure, the group of the file", .enabled(if: isThere, "../shared is not there"))
    func oqmd() throws {
        let tally = try Self.run("oqmd20/oqmd20.jsonl.gz", tolerance: 0.01, share: 0.03)
        #expect(tally.records > 300)
        #expect(tally.failures.isEmpty, "\(tally.failures.prefix(5))")
        #expect(
            tally.otherGroups.isEmpty,
            "\(tally.otherGroups.count) of \(tally.records): \(tally.otherGroups.prefix(10))")
    }

    /// The set's numbers are spglib's at 0.1 Å *and 5°* (pymatgen's default): in these two records lengths that 0.1 Å
    /// tells apart pass as equal by their angles. spglib alone at 0.1 Å, without the 5°, finds what we find.
    static let knownDifferences: Set<String> = [
        "mp-1299512: 1, the file says 146", "mp-1187854: 69, the file says 225",
    ]

    @Test(
        "MP-20 at 0.1 Å: no failure, the group of the file", .enabled(if: isThere, "../shared is not there"))
    func mp20() throws {
        let tally = try Self.run("mp20/mp20-pool.jsonl.gz", tolerance: 0.1, share: 0.2)
        #expect(tally.records > 200)
        #expect(tally.failures.isEmpty, "\(tally.failures.prefix(5))")
        let others = Set(tally.otherGroups).subtracting(Self.knownDifferences)
        #expect(others.isEmpty, "\(others.count) of \(tally.records)")
    }
}
