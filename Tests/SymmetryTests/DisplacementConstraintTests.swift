import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct DisplacementConstraintTests {
    @Test func theBasisIsInvariantAndAsLargeAsTheCharacterSays() {
        for hall in stride(from: 1, through: 530, by: 3) {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions {
                let rotations = group.operations.filter { operation in
                    operation.rotation * position.matrix == position.matrix
                        && (operation.rotation * position.translation &+ operation.translation
                            &- position.translation) % SIMD3(repeating: 24) == .zero
                }.map(\.rotation)
                let constraint = DisplacementConstraint(rotations: rotations)
                for tensor in constraint.basis {
                    for r in rotations { #expect(r * tensor * r.transpose == tensor) }
                }
                // The trivial representation in the symmetric square: mean of (tr² R + tr R²)/2.
                let sum = rotations.reduce(0) { $0 + $1.trace * $1.trace + ($1 * $1).trace }
                #expect(sum == 2 * rotations.count * constraint.degreesOfFreedom)
            }
        }
    }

    @Test func aSiteOnAMirrorHasFourAndACubicOneHasOne() throws {
        let pnma = try SpaceGroup.find("Pnma")
        let mirror = try #require(
            pnma.operations.first { $0.rotation.row1 == SIMD3(0, -1, 0) && $0.rotation.trace == 1 })
        let four = DisplacementConstraint(rotations: [.identity, mirror.rotation])
        #expect(four.degreesOfFreedom == 4)
        let cubic = DisplacementConstraint(rotations: try SpaceGroup.find("Fm-3m").operations.map(\.rotation))
        #expect(cubic.basis == [.identity])
    }

    /// The constraints that cctbx derives, by the rotations of a site: independent components and the tensors
    /// (11, 22, 33, 12, 13, 23) that each makes alone.
    static func oracle() throws -> [String: [(component: Int, tensor: [Double])]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/displacement-constraints.tsv")
        var result: [String: [(component: Int, tensor: [Double])]] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let field = line.split(separator: "\t").map(String.init)
            guard !line.hasPrefix("#"), field.count == 3 else { continue }
            let names = ["U11", "U22", "U33", "U12", "U13", "U23"]
            result[field[0]] = zip(field[1].split(separator: " "), field[2].split(separator: " ")).map {
                (names.firstIndex(of: String($0)) ?? 0, $1.split(separator: ",").compactMap { Double($0) })
            }
        }
        return result
    }

    /// Every site symmetry of the 530 settings: what we leave free is what cctbx leaves free.
    @Test func constraintsAreThoseOfAnotherProgram() throws {
        let oracle = try Self.oracle()
        #expect(oracle.count == 134)
        var seen: Set<String> = []
        var forms: Set<String> = []
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions {
                let rotations = group.operations.filter { operation in
                    operation.rotation * position.matrix == position.matrix
                        && (operation.rotation * position.translation &+ operation.translation
                            &- position.translation) % SIMD3(repeating: 24) == .zero
                }.map(\.rotation)
                let key = rotations.map { SymmetryOperation(rotation: $0).xyz }.sorted()
                    .joined(separator: " ")
                let expected = try #require(oracle[key], "\(hall) \(position.symbol) \(key)")
                seen.insert(key)
                let constraint = DisplacementConstraint(rotations: rotations)
                forms.insert(constraint.formula)
                #expect(constraint.degreesOfFreedom == expected.count)
                for component in constraint.components {
                    let u = component.derivative
                    let six = [u[0, 0], u[1, 1], u[2, 2], u[0, 1], u[0, 2], u[1, 2]]
                    var made = [Double](repeating: 0, count: 6)
                    for (index, tensor) in expected {
                        for k in 0..<6 { made[k] += six[index] * tensor[k] }
                    }
                    #expect(made == six, "\(hall) \(position.symbol) \(component.name)")
                    #expect(u[component.row, component.column] == 1)
                }
            }
        }
        print("\(seen.count) sets of rotations, \(forms.count) forms of the tensor")
    }

    /// Tensors as tables of site symmetry print them (Peterse & Palm, Acta Cryst. 20 (1966) 147).
    @Test(arguments: [
        ("P -1", SIMD3(0.1, 0.2, 0.3), "U11,U22,U33,U23,U13,U12"),
        ("P 1 2 1", SIMD3(0, 0.2, 0), "U11,U22,U33,0,U13,0"),
        ("P 1 1 2", SIMD3(0, 0, 0.2), "U11,U22,U33,0,0,U12"),
        ("P 2 1 1", SIMD3(0.2, 0, 0), "U11,U22,U33,U23,0,0"),
        ("P m m m", SIMD3(0.1, 0, 0), "U11,U22,U33,0,0,0"),
        ("P 4/m m m", SIMD3(0.2, 0.2, 0.3), "U11,U11,U33,U23,U23,U12"),
        ("P 4/m m m", SIMD3(0.2, -0.2, 0.3), "U11,U11,U33,U23,-U23,U12"),
        ("P 4/m m m", SIMD3(0.2, 0.2, 0), "U11,U11,U33,0,0,U12"),
        ("P 4/m", SIMD3(0, 0, 0.3), "U11,U11,U33,0,0,0"),
        ("P 6/m m m", SIMD3(0, 0, 0.3), "U11,U11,U33,0,0,U11/2"),
        ("P m -3 m", SIMD3(0.2, 0.2, 0.2), "U11,U11,U11,U23,U23,U23"),
        ("P m -3 m", SIMD3(0, 0, 0), "U11,U11,U11,0,0,0"),
        ("P 6/m m m", SIMD3(0.1, 0.2, 0.3), "U11,U22,U33,U23,U23/2,U22/2"),
        ("P 6/m m m", SIMD3(0.2, 0, 0.3), "U11,U22,U33,0,U13,U22/2"),
        ("P 6/m m m", SIMD3(0.1, 0.2, 0), "U11,U22,U33,0,0,U22/2"),
        ("P 6/m", SIMD3(0.1, 0.3, 0), "U11,U22,U33,0,0,U12"),
    ])
    func formsAreThoseOfTheTables(symbol: String, point: SIMD3<Double>, formula: String) throws {
        let group = try SpaceGroup.find(symbol)
        let site = SiteSymmetry(
            of: point, in: group.operations,
            lattice: Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90), tolerance: 1e-4)
        #expect(DisplacementConstraint(site).formula == formula)
    }
}
