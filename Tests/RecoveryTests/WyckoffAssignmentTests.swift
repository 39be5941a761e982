import Crystallography
import Foundation
import Parameterization
import Recovery
import Symmetry
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
            let start = Distortion(lattice: 0.05, coordinates: 0.05).applied(
                to: published.expanded(), seed: seed)
            let result = try WyckoffAssignment().assign(start, in: published.spaceGroup, best: 8)
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

    /// A crystal of each family, as published and by a triclinic one without symmetry.
    private static func crystals() throws -> [ReducedStructure] {
        try SettingsSweepTests.structures() + [
            Crystals.make(
                "P -1", [4.1, 5.2, 6.3, 82, 97, 103],
                [("Cu1", "Cu", .zero), ("O1", "O", SIMD3(0.5, 0.5, 0)), ("O2", "O", SIMD3(0.2, 0.3, 0.4))])
        ]
    }

    @Test("every assignment has the start's composition, in all families, from undistorted starts too")
    func composition() throws {
        let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
        var meetings = Set<CrystalFamily>()
        for (number, crystal) in try Self.crystals().enumerated() {
            let groups = crystal.spaceGroup.crystalFamily.spaceGroups.enumerated().filter {
                everything || ($0.offset + number) % 5 == 0 || $0.element == crystal.spaceGroup
            }.map(\.element)
            for strength in [0.0, 0.05] {
                let start = Distortion(lattice: strength, coordinates: strength).applied(
                    to: crystal.expanded(), seed: 3)
                for group in groups {
                    let found = try WyckoffAssignment().assign(start, in: group, best: 20).structures
                    for structure in found {
                        let expanded = structure.expanded()
                        #expect(
                            expanded.composition == start.composition,
                            "\(group.compactSymbol) \(structure.occupation)")
                        for orbit in structure.orbits {
                            let position = try #require(group.wyckoffPosition(letter: orbit.letter))
                            #expect(orbit.multiplicity == position.multiplicity)
                        }
                        // Read as one site of each orbit, where the start lays it, some would have lost atoms.
                        let sites = structure.orbits.map {
                            Site(label: $0.label, occupants: $0.occupants, position: $0.position)
                        }
                        let read = ReducedStructure(
                            spaceGroup: group, lattice: structure.lattice, asymmetricSites: sites,
                            tolerance: 1e-5)
                        if read.atoms.count < structure.atoms.count {
                            meetings.insert(group.crystalFamily)
                        }
                    }
                }
            }
        }
        #expect(meetings.count >= 3, "the starts must put the law to the test: \(meetings)")
    }

    /// By trying everything, in the order of the positions.
    private static func fillings(_ positions: [WyckoffPosition], _ count: Int) -> [[String]] {
        var found: [[String]] = []
        func extend(_ chosen: [String], _ first: Int, _ rest: Int) {
            if rest == 0 { found.append(chosen) }
            for index in positions.indices.dropFirst(first) where positions[index].multiplicity <= rest {
                let next = positions[index].degreesOfFreedom == 0 ? index + 1 : index
                extend(chosen + [positions[index].letter], next, rest - positions[index].multiplicity)
            }
        }
        extend([], 0, count)
        return found
    }

    @Test("the fillings are those found by trying everything, in the same order, up to the limit")
    func fillings() throws {
        for (symbol, most) in [("Cmmm", 16), ("Pnma", 24), ("Fm-3m", 40), ("P-1", 9), ("P63/mmc", 14)] {
            let positions = try SpaceGroup.find(symbol).wyckoffPositions
            for count in 1...most {
                let all = Self.fillings(positions, count)
                let ours = WyckoffAssignment.multisets(of: positions, filling: count, limit: 1_000_000)
                #expect(ours.map { $0.map(\.letter) } == all, "\(symbol) \(count)")
                let few = WyckoffAssignment.multisets(of: positions, filling: count, limit: 7)
                #expect(few.map { $0.map(\.letter) } == Array(all.prefix(7)))
            }
        }
    }

    @Test("a number of atoms that no positions add up to is known at once", .timeLimit(.minutes(1)))
    func noFilling() throws {
        let group = try SpaceGroup.find("Cmmm")
        let oxygen = try #require(Element(symbol: "O"))
        let sites = (0..<91).map { index in
            Site(oxygen, at: SIMD3(Double(index) / 91, Double(index * 37 % 91) / 91, 0.3))
        }
        let lattice = Lattice(a: 12, b: 13, c: 14, alpha: 90, beta: 90, gamma: 90)
        let start = CrystalStructure(lattice: lattice, sites: sites)
        var result: WyckoffAssignment.Result?
        let time = try ContinuousClock().measure {
            result = try WyckoffAssignment().assign(start, in: group, best: 8)
        }
        #expect(result?.count == 0 && result?.structures.isEmpty == true && result?.isComplete == true)
        #expect(time < .milliseconds(100))
        // Mostly dead ends, some fillings far behind them: bounded by the limit.
        let many = ContinuousClock().measure {
            _ = WyckoffAssignment.multisets(of: group.wyckoffPositions, filling: 402, limit: 1501)
        }
        #expect(many < .seconds(1))
    }
}
