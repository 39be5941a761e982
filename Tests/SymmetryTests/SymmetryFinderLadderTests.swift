import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct SymmetryFinderLadderTests {
    static let structures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Data/structures").standardized.path

    @Test func aPerfectCrystalHasItsGroupOnEveryRungUpToTheAtomsDistance() throws {
        for (structure, number) in Prototypes.all {
            let rungs = try SymmetryFinder.ladder(in: structure, tolerances: 1e-4...0.05)
            #expect(rungs.map(\.found.spaceGroup.number) == [number])
            #expect(rungs[0].tolerances.upperBound > 0.049)
        }
    }

    @Test func rungsAreDisjointAscendingAndDistinct() throws {
        var random = RandomStream(seed: 9)
        for (structure, _) in Prototypes.all {
            let start = Distortion(lattice: 0.02, coordinates: 0.01).applied(
                to: structure, seed: random.next())
            let rungs = try SymmetryFinder.ladder(in: start)
            for (a, b) in zip(rungs, rungs.dropFirst()) {
                #expect(a.tolerances.upperBound < b.tolerances.lowerBound)
            }
            for rung in rungs {
                let kept = try SymmetryFinder.standardize(start, rung.found, cell: .keep)
                let again = try SymmetryFinder.find(in: kept.structure, tolerance: 1e-5)
                #expect(
                    again.spaceGroup.order >= rung.found.spaceGroup.order || again.copies >= rung.found.copies
                )
                #expect(kept.structure.sites.count == start.sites.count)
            }
        }
    }

    /// A tolerance ladder alone cannot reach all of them: the counts guard what is reached.
    @Test(arguments: [("pbso4", 62, 20), ("fluorapatite", 176, 16), ("nac", 199, 15)])
    func theGroupOfStronglyDistortedStartsIsOffered(name: String, number: Int, atLeast: Int) throws {
        let structure = try CrystalFile.readFirst(Self.structures + "/\(name).cif").structure
        var offered = 0
        for seed in 1...20 {
            let start = Distortion(lattice: 0.03, coordinates: 0.02).applied(
                to: structure, seed: UInt64(seed))
            let rungs = try SymmetryFinder.ladder(in: start)
            guard let rung = rungs.first(where: { $0.found.spaceGroup.number == number }) else { continue }
            offered += 1
            let enforced = try SymmetryFinder.standardize(start, rung.found)
            let again = try SymmetryFinder.find(in: enforced.structure, tolerance: 1e-5)
            #expect(again.spaceGroup.number == number)
            #expect(enforced.structure.sites.count == start.sites.count)
        }
        #expect(offered >= atLeast, "\(name): \(offered) of 20")
    }
}
