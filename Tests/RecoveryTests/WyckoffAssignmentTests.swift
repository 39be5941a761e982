import Crystallography
import Foundation
import Parameterization
import Recovery
import Testing

@Suite("Wyckoff assignments")
struct WyckoffAssignmentTests {
    @Test(
        "from σ 0.05 the true occupation is among the first eight",
        arguments: [
            ("pbso4", "Pb 4c, S 4c, O 8d 4c 4c"), ("fluorapatite", "F 2a, P 6h, Ca 6h 4f, O 12i 6h 6h"),
            ("nac", "Al 8a, Na 8a, Ca 12b, F 24c 24c 8a"),
        ])
    func occupation(name: String, truth: String) throws {
        let published = try ShippedData.structure(name)
        let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
        for seed in UInt64(1)...(everything ? 10 : 2) {
            let start = Distortion(lattice: 0.05, coordinates: 0.05)(published.expanded(), seed: seed)
            let result = WyckoffAssignment()(start, in: published.spaceGroup, best: 8)
            #expect(result.isComplete)
            // Elements in any order, positions in any order.
            func key(_ text: String) -> Set<String> {
                Set(
                    text.components(separatedBy: ", ").map {
                        $0.split(separator: " ").sorted().joined(separator: " ")
                    })
            }
            #expect(result.structures.contains { key($0.occupation) == key(truth) }, "seed \(seed)")
        }
    }

    @Test("every assignment has the start's composition")
    func composition() throws {
        let published = try ShippedData.structure("pbso4")
        let start = Distortion(lattice: 0.05, coordinates: 0.05)(published.expanded(), seed: 3)
        for structure in WyckoffAssignment()(start, in: published.spaceGroup, best: 20).structures {
            #expect(structure.expanded().composition == start.composition)
        }
    }
}
