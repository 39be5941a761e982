import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import NumericalMethods
import Parameterization
import Patterns
import Refinement
import Reports
import Testing

@Suite("Bonds, angles and polyhedra") struct StructureGeometryTests {
    private static func structure(_ name: String) throws -> ReducedStructure {
        try PatternCrystal(readingFrom: Samples.path("structures/\(name).cif")).structure
    }

    @Test(
        "barite's kin: four S–O of 1.45 to 1.55 Å and six angles near 109.5°, two of each pair by the mirror")
    func sulphate() throws {
        let geometry = StructureGeometry(try Self.structure("pbso4"))
        let bonds = geometry.bonds.filter { $0.first.hasPrefix("S") }
        #expect(bonds.reduce(0) { $0 + $1.count } == 4)
        #expect(bonds.allSatisfy { $0.distance > 1.35 && $0.distance < 1.65 && $0.second.hasPrefix("O") })
        #expect(bonds.contains { $0.count == 2 })
        let angles = geometry.angles.filter { $0.centre.hasPrefix("S") }
        #expect(angles.reduce(0) { $0 + $1.count } == 6)
        let mean = angles.reduce(0) { $0 + $1.degrees * Double($1.count) } / 6
        #expect(abs(mean - 109.5) < 1)
        // No metal is bonded to a metal beside anions.
        #expect(!geometry.bonds.contains { $0.first.hasPrefix("Pb") && $0.second.hasPrefix("Pb") })
        #expect(geometry.table.rows.count == geometry.bonds.count + geometry.angles.count)
    }

    /// d² is a quadratic form of cell and coordinates: with one free length its uncertainty is d/a of the length's.
    @Test("a bond's uncertainty is what the free parameters give it, and one that symmetry fixes has none")
    func uncertainty() throws {
        let structure = try Self.structure("pbso4")
        let lengths = structure.latticeParameters.values
        let rows = lengths.map { first in lengths.map { 1e-8 * first * $0 } }
        let covariance = ParameterCovariance(names: ["a", "b", "c"], matrix: DenseMatrix(rows))
        // All lengths move together by 10⁻⁴: so does every distance, and no angle.
        let geometry = StructureGeometry(structure, covariance: covariance)
        for bond in geometry.bonds {
            let share = (bond.uncertainty ?? 0) / bond.distance
            #expect(abs(share - 1e-4) < 2e-7, "\(bond.first) \(bond.second) \(share)")
        }
        #expect(geometry.angles.allSatisfy { ($0.uncertainty ?? 0) < 1e-3 })
        #expect(StructureGeometry(structure).bonds.allSatisfy { $0.uncertainty == nil })
    }

    @Test("hulls: an octahedron has eight faces, a cube six squares, a square none")
    func hulls() {
        let octahedron: [SIMD3<Double>] = (0..<3).flatMap { axis in
            [1.0, -1].map { (sign: Double) -> SIMD3<Double> in
                var corner = SIMD3<Double>.zero
                corner[axis] = sign
                return corner
            }
        }
        let faces = ConvexHull.faces(of: octahedron)
        #expect(faces.count == 8 && faces.allSatisfy { $0.count == 3 })
        let cube = (0..<8).map { bits -> SIMD3<Double> in
            let (x, y, z) = (bits & 1, (bits >> 1) & 1, bits >> 2)
            return SIMD3(Double(x), Double(y), Double(z))
        }
        let squares = ConvexHull.faces(of: cube)
        #expect(squares.count == 6)
        for square in squares {
            // In order around the face: neighbours are an edge apart.
            let edges = square.indices.map { k -> Double in
                let next = square[(k + 1) % square.count]
                return (cube[square[k]] - cube[next]).length
            }
            #expect(edges.allSatisfy { abs($0 - 1) < 1e-12 })
        }
        #expect(ConvexHull.faces(of: Array(cube.prefix(4))).isEmpty)
    }
}
