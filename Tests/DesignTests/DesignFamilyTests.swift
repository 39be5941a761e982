import CrystalFiles
import Crystallography
import Design
import Foundation
import LearnedModels
import Parameterization
import Symmetry
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)

@Suite(.enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
struct DesignFamilyTests {
    private static let pbso4 = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Data/structures/pbso4.cif").path

    /// Masks, proof and symmetry in each family and in a user's file: with --site masks a site carries what was
    /// named and nothing else, with --exclude never what was excluded, whatever the method.
    @Test(
        arguments: ["rocksalt", "spinel", "half-heusler", "rutile", "pbso4"],
        [DesignMethod.gradient, .random, .tpe])
    func masksAndSymmetryHold(family: String, method: DesignMethod) async throws {
        let template =
            family == "pbso4"
            ? try DesignTemplate.symmetrized(CrystalFile.readFirst(Self.pbso4).structure, name: family)
            : try DesignTemplate(named: family)
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<-0.5", property: "formation-energy", option: "--formation-energy")
        ]
        options.excluded = Set(["O", "Pb", "Cd"].compactMap { Element(symbol: $0) })
        let first = template.roles[0].name
        let allowed = Set(
            ["Li", "Na", "Mg", "Ca", "Sr", "Ba", "Ti", "Zn"].compactMap { Element(symbol: $0) })
        options.sites[first] = allowed
        var search = DesignSearch(try DesignEvaluator(DesignProblem(template, options)))
        search.method = method
        search.candidates = 3
        search.budget = 60
        let result = try await search.run()
        #expect(!result.candidates.isEmpty)
        for candidate in result.candidates {
            #expect(options.excluded.isDisjoint(with: candidate.elements))
            let charges = try #require(candidate.charges)
            var sum = 0
            for (orbit, element) in candidate.elements.enumerated() {
                if template.roleOfOrbit[orbit] == 0 { #expect(allowed.contains(element)) }
                #expect(Ion.of(element, charge: charges[orbit]) != nil)
                sum += charges[orbit] * candidate.structure.orbits[orbit].multiplicity
            }
            #expect(sum == 0)
            let structure = candidate.structure.expanded()
            #expect(structure.sites.count == template.atomCount)
            for operation in template.structure.spaceGroup.operations {
                #expect(structure.isMapped(onItselfBy: operation))
            }
        }
    }
}

extension CrystalStructure {
    /// Every atom has an image of its own element within 1e-6 of where the operation brings it.
    fileprivate func isMapped(onItselfBy operation: SymmetryOperation) -> Bool {
        sites.allSatisfy { site in
            let image = operation.apply(to: site.position)
            return sites.contains { other in
                let d = (other.position - image).nearestImage
                return other.occupants == site.occupants && max(abs(d.x), abs(d.y), abs(d.z)) < 1e-6
            }
        }
    }
}
