import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("the CIF of a reduced structure") struct ReducedCIFTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func reduced(_ name: String) throws -> ReducedStructure {
        let path = root.appendingPathComponent("Data/structures/\(name).cif").path
        return try CrystalFile.reduced(
            CrystalFile.readFirst(path).structure, of: path, tolerance: 0.01)
    }

    /// `relax` writes the one, `symmetrize` the other.
    @Test(
        "it is the CIF of the same structure with its symmetry enforced",
        arguments: ["pbso4", "fluorapatite", "nac"])
    func enforced(_ name: String) throws {
        let reduced = try Self.reduced(name)
        let structure = reduced.expanded()
        let hallNumber = reduced.spaceGroup.hallNumber
        let found = try SymmetryFinder.find(in: structure, tolerance: 1e-4, hallNumber: hallNumber)
        let cell = StandardCell.setting(hallNumber: hallNumber)
        let standard = try SymmetryFinder.standardize(structure, found, cell: cell)
        let enforced = try #require(SymmetricCIF(standard, enforcing: found, cell: cell))
        #expect(CIFFile.serialise(SymmetricCIF(reduced)) == CIFFile.serialise(enforced))
    }

    @Test("it reads back as the structure that it was written of, site symmetries with it")
    func reading() throws {
        for name in ["pbso4", "nac"] {
            let reduced = try Self.reduced(name)
            let cif = SymmetricCIF(reduced, name: "made")
            let record = try #require(try CIFFile.parse(CIFFile.serialise(cif), name: "made.cif").first)
            #expect(record.name == "made" && record.structure.sites.count == reduced.atoms.count)
            #expect(cif.sites.map(\.multiplicity) == reduced.orbits.map(\.multiplicity))
            #expect(cif.sites.allSatisfy { $0.siteSymmetry?.isEmpty == false && $0.wyckoffLetter != nil })
        }
    }

    @Test("uncertainties stand where their parameters do, and coordinates that follow another share it")
    func uncertainties() throws {
        let reduced = try Self.reduced("fluorapatite")
        let orbit = try #require(reduced.orbits.first { !$0.siteSymmetry.coordinateNames.isEmpty })
        let coordinate = try #require(orbit.siteSymmetry.coordinateNames.first)
        let element = try #require(orbit.occupants.first).species.element.symbol
        let cif = SymmetricCIF(
            reduced,
            uncertainties: [
                "a": 0.0002, "\(orbit.label).\(coordinate)": 0.001, "\(element).B": 0.05, "c": 0.0003,
            ])
        // Hexagonal: b follows a, the angles are nobody's.
        #expect(cif.lengths.map(\.uncertainty) == [0.0002, 0.0002, 0.0003])
        #expect(cif.angles.allSatisfy { $0.uncertainty == nil })
        let site = try #require(cif.sites.first { $0.label == orbit.label })
        #expect(site.position.contains { $0.uncertainty != nil })
        #expect(site.displacementUncertainties == [0.05])
        let others = cif.sites.filter { $0.label != orbit.label }
        #expect(others.allSatisfy { $0.position.allSatisfy { $0.uncertainty == nil } })
    }

    @Test("an origin that the symbol leaves open is said in the symbol")
    func origin() throws {
        let diamond = try #require(SpaceGroup(hallNumber: 526))
        let carbon = try #require(Element(symbol: "C"))
        let places = diamond.operations.map { $0.apply(to: SIMD3(0.125, 0.125, 0.125)) }
        var sites: [Site] = []
        for place in places {
            let inside = SIMD3(
                place.x - place.x.rounded(.down), place.y - place.y.rounded(.down),
                place.z - place.z.rounded(.down))
            let isNew = sites.allSatisfy { ($0.position - inside).nearestImage.length > 1e-6 }
            if isNew { sites.append(Site(carbon, at: inside)) }
        }
        let structure = CrystalStructure(
            lattice: Lattice(a: 3.567, b: 3.567, c: 3.567, alpha: 90, beta: 90, gamma: 90), sites: sites)
        let reduced = try ReducedStructure(reducing: structure, in: diamond)
        #expect(SymmetricCIF(reduced).symbol == "F d -3 m :2")
    }
}
