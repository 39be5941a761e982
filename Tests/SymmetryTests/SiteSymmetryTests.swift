import Crystallography
import Symmetry
import NumericalMethods
import Testing

@Suite struct SiteSymmetryTests {
    static let hexagonal = Lattice(a: 4, b: 4, c: 6, alpha: 90, beta: 90, gamma: 120)

    @Test(arguments: [
        (488, SIMD3(0.1, 0.2, 0.3), "x,2x,z", ["x", "z"]), (488, SIMD3(0.1, 0.2, 0.25), "x,2x,1/4", ["x"]),
        (488, SIMD3(0.3333, 0.6667, 0.1), "1/3,2/3,z", ["z"]),
        (488, SIMD3(0.2, 0.1, 0.3), "2y,y,z", ["y", "z"]),
        (488, SIMD3(0, 0, 0.5), "0,0,1/2", []), (488, SIMD3(0.1, -0.1, 1.3), "x,-x,z", ["x", "z"]),
    ])
    func theFormulaIsTheSubspace(hall: Int, point: SIMD3<Double>, formula: String, names: [String]) throws {
        let group = try #require(SpaceGroup(hallNumber: hall))
        let site = SiteSymmetry(of: point, in: group.operations, lattice: Self.hexagonal, tolerance: 0.01)
        #expect(site.formula == formula)
        #expect(site.coordinateNames == names)
        for operation in site.stabilizer {
            let x = site.idealized(point)
            #expect((operation.apply(to: x) - x).length < 1e-14)
        }
    }
}
