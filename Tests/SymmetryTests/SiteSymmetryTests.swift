import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// Reaches `FixedDirections`, `SiteSymmetrySymbol`, `TorusSubspace`.
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

    /// Every triplet of every position (one in seven where WYCKOFF_LAWS is not set): the stabilizer is a group, R² = R, the rank of the projector counts the free coordinates, orbit size = |G|/|stabilizer|.
    @Test func everySiteOfEverySettingObeysTheLaws() throws {
        let step = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == nil ? 7 : 1
        let lattice = Lattice(a: 10, b: 10, c: 10, alpha: 90, beta: 90, gamma: 90)
        var count = 0
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions {
                for index in stride(from: hall % step, to: position.images.count, by: step) {
                    let generic =
                        Matrix3(position.matrix) * SIMD3(0.137_1, 0.219_3, 0.341_7)
                        + SIMD3<Double>(position.translation) / 24
                    let point = position.images[index].apply(to: generic)
                    let site = SiteSymmetry(
                        of: point, in: group.operations, lattice: lattice, tolerance: 1e-5)
                    count += 1
                    let isRight =
                        site.order * position.multiplicity == group.order
                        && site.degreesOfFreedom == position.degreesOfFreedom
                        && (site.projector * site.projector - site.projector).frobeniusNorm < 1e-14
                        && abs(site.projector.trace - Double(site.degreesOfFreedom)) < 1e-14
                        && (site.idealized(point) - point).length < 1e-12
                        && (site.position(site.parameters(of: point)) - point).length < 1e-12
                    #expect(isRight, "Hall \(hall) \(position.symbol) image \(index)")
                    let rotations = Set(site.rotations)
                    let isClosed = site.rotations.prefix(4).allSatisfy { a in
                        site.rotations.allSatisfy { rotations.contains(a * $0) }
                    }
                    #expect(isClosed)
                    #expect(
                        site.directions.allSatisfy { direction in
                            site.rotations.allSatisfy { $0 * direction == direction }
                        })
                }
            }
        }
        #expect(count > 3000)
    }
}
