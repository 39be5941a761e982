import Foundation
import Jobs
import Matching
import Parameterization
import Reports
import Symmetry
import Testing

@Suite("what symmetry and parameters print") struct SymmetrySummaryTests {
    @Test("letters, orbits and site symmetries stand for every atom; a ladder only where it is asked for")
    func symmetry() throws {
        let structure = try Samples.record("pbso4").structure
        let plain = try SymmetrySummary.found(in: structure, of: "x", tolerance: 0.01)
        #expect(plain.letters.count == 24 && plain.orbits.count == 24 && plain.siteSymmetry.count == 24)
        #expect(plain.ladder == nil && plain.rmsDisplacement == plain.rms)
        let long = try SymmetrySummary.found(in: structure, of: "x", tolerance: 0.01, withLadder: true)
        #expect(long.ladder?.first?.spaceGroup.number == 62)
        #expect(long.text(labels: structure.sites.map(\.name)).contains("P n m a (62)"))
    }

    @Test(
        "operations map the atoms on atoms of their orbits, and the transformation leads to a cell of the group's setting"
    )
    func dataset() throws {
        let structure = try Samples.record("pbso4").structure
        let summary = try SymmetrySummary.found(in: structure, of: "x", tolerance: 0.01)
        #expect(summary.labels.count == 24 && summary.labels.first == "Pb1")
        let operations = summary.operations
        #expect(operations.rotations.count == 8 && operations.translations.count == 8)
        #expect(operations.rotations.first == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        for (rotation, translation) in zip(operations.rotations, operations.translations) {
            for (atom, site) in structure.sites.enumerated() {
                let x = [site.position.x, site.position.y, site.position.z]
                let image = (0..<3).map { row in
                    (0..<3).reduce(translation[row]) { $0 + Double(rotation[row][$1]) * x[$1] }
                }
                let isThere = structure.sites.enumerated().contains { other, partner in
                    let step = [partner.position.x, partner.position.y, partner.position.z]
                    let gaps = zip(image, step).map { abs(($0 - $1) - ($0 - $1).rounded()) }
                    return summary.orbits[other] == summary.orbits[atom] && gaps.allSatisfy { $0 < 1e-6 }
                }
                #expect(isThere, "atom \(atom)")
            }
        }
        #expect(summary.transformation == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        #expect(summary.originShift.allSatisfy { abs($0) < 1e-9 })
        let lengths = structure.lattice.lengths
        for (a, b) in zip(summary.standardCell, [lengths.x, lengths.y, lengths.z, 90, 90, 90]) {
            #expect(abs(a - b) < 1e-9)
        }
    }

    @Test("an error names the file")
    func failure() throws {
        var structure = try Samples.copper()
        structure.sites[1].position = structure.sites[0].position
        #expect {
            try SymmetrySummary.found(in: structure, of: "twice.cif", tolerance: 0.01)
        } throws: {
            "\($0)".hasPrefix("twice.cif: ")
        }
        #expect {
            try ParameterSummary.found(in: structure, of: "twice.cif", tolerance: 0.01)
        } throws: {
            "\($0)".hasPrefix("twice.cif: ")
        }
    }

    @Test("parameters are those of the reduced structure, in its order")
    func parameters() throws {
        let reduced = try Samples.reduced("pbso4")
        let summary = try ParameterSummary.found(
            in: Samples.record("pbso4").structure, of: "x", tolerance: 0.01)
        #expect(
            summary.degreesOfFreedom == 14 && summary.parameters.map(\.name).prefix(3) == ["a", "b", "c"])
        #expect(summary.parameters.count == ParameterSummary(file: "x", reduced).parameters.count)
        #expect(summary.text.contains("14 free parameters"))
    }

    @Test("a symmetrization names its group, and what only a subgroup has is null")
    func symmetrization() throws {
        let job = SymmetrizationJob(
            try Samples.record("pbso4"), file: "x", to: .found(tolerance: 0.01))
        let summary = SymmetrizationSummary(try job.run { _ in }, file: "x", output: "y")
        #expect(summary.spaceGroup.number == 62 && summary.degreesOfFreedom == 14)
        #expect(summary.rms == summary.rmsDisplacement && summary.international == summary.spaceGroup.symbol)
        let object = try Samples.object(summary)
        #expect(object["kind"] is NSNull && object["index"] is NSNull && object["from"] is NSNull)
    }

    @Test("a shake says how far the atom went that went farthest")
    func shake() throws {
        let before = try Samples.reduced("pbso4")
        var after = before
        var vector = after.parameterVector
        let index = try #require(before.parameters.firstIndex { $0.name.hasSuffix(".x") })
        vector[index] += 0.01
        after.parameterVector = vector
        let summary = ShakeSummary(file: "x", output: "y", seed: 3, from: before, to: after)
        #expect(abs(summary.maxDisplacement - 0.01 * before.lattice.lengths.x) < 1e-9)
        #expect(summary.text.contains("P n m a (62) kept"))
    }

    @Test("a match has every key, with numbers or with nulls")
    func match() throws {
        let structure = try Samples.record("pbso4").structure
        let match = StructureMatch.find(structure, structure)
        let same = MatchSummary(files: ["a", "b"], match, tolerances: MatchTolerances())
        let none = MatchSummary(files: ["a", "b"], nil, tolerances: MatchTolerances())
        #expect(same.isMatch && (same.rmsDisplacement ?? 1) < 1e-6 && same.rms == same.rmsDisplacement)
        let (first, second) = (try Samples.object(same), try Samples.object(none))
        #expect(Set(first.keys) == Set(second.keys))
        #expect(second["rmsDisplacement"] is NSNull && none.verdict.hasPrefix("no match"))
    }
}
