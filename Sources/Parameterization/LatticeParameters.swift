import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// The free lattice parameters of a space-group setting and their values.
///
/// cubic a; tetragonal and hexagonal axes a c; rhombohedral axes a α; orthorhombic a b c; monoclinic a b c and
/// the angle of the setting's unique axis; triclinic all six (ITA Vol. A, Table 2.1.2.1).
public struct LatticeParameters: Sendable, Hashable {
    /// How each of a, b, c, α, β, γ follows from the free parameters.
    enum Source: Sendable, Hashable {
        case free(Int)
        /// Degrees.
        case fixed(Double)
    }

    let sources: [Source]
    /// Subset of `a b c alpha beta gamma`, in that order.
    public let names: [String]
    /// Å and degrees, one for each of `names`.
    public var values: [Double]

    /// Whether every free parameter is within a relative tolerance of the other's, of the same setting.
    package func agrees(with other: LatticeParameters, within tolerance: Double) -> Bool {
        zip(values, other.values).allSatisfy { abs($0 - $1) < tolerance * abs($1) }
    }

    /// The names of the six cell parameters.
    package static let cellNames = ["a", "b", "c", "alpha", "beta", "gamma"]

    /// The free parameters of a setting, their values read from a lattice after its metric was averaged over the
    /// group's rotations (RᵀGR = G), so that a lattice which has the symmetry is reproduced exactly.
    public init(of lattice: Lattice, in spaceGroup: SpaceGroup) {
        sources = Self.sources(spaceGroup)
        var names: [String] = []
        var values: [Double] = []
        let cell = Self.cell(ofMetric: InvariantMetric.average(lattice.metric, over: spaceGroup.operations))
        for (index, source) in sources.enumerated() {
            guard case .free(let k) = source, k == names.count else { continue }
            names.append(Self.cellNames[index])
            values.append(cell[index])
        }
        self.names = names
        self.values = values
    }

    private static func sources(_ group: SpaceGroup) -> [Source] {
        func free(_ i: Int) -> Source { .free(i) }
        let right = Source.fixed(90)
        switch group.crystalFamily {
        case .cubic:
            return [free(0), free(0), free(0), right, right, right]
        case .tetragonal:
            return [free(0), free(0), free(1), right, right, right]
        case .hexagonal:
            return group.hasRhombohedralAxes
                ? [free(0), free(0), free(0), free(1), free(1), free(1)]
                : [free(0), free(0), free(1), right, right, .fixed(120)]
        case .orthorhombic:
            return [free(0), free(1), free(2), right, right, right]
        case .monoclinic:
            let unique = group.uniqueAxis ?? 1
            return [free(0), free(1), free(2)] + (0..<3).map { $0 == unique ? free(3) : right }
        case .triclinic:
            return (0..<6).map(free)
        }
    }

    /// a, b, c in Å and α, β, γ in degrees.
    package var cell: [Double] { sources.indices.map(cell) }

    /// One of a, b, c, α, β, γ.
    private func cell(_ index: Int) -> Double {
        switch sources[index] {
        case .free(let k): values[k]
        case .fixed(let degrees): degrees
        }
    }

    /// The lattice with a along x and b in the xy plane.
    public var lattice: Lattice {
        Lattice(a: cell(0), b: cell(1), c: cell(2), alpha: cell(3), beta: cell(4), gamma: cell(5))
    }

    /// Lengths in Å, angles in degrees of a metric tensor.
    static func cell(ofMetric g: Matrix3) -> [Double] {
        let (a, b, c) = (g[0, 0].squareRoot(), g[1, 1].squareRoot(), g[2, 2].squareRoot())
        func angle(_ cosine: Double) -> Double { acos(max(-1, min(1, cosine))) * 180 / .pi }
        return [a, b, c, angle(g[1, 2] / (b * c)), angle(g[0, 2] / (a * c)), angle(g[0, 1] / (a * b))]
    }

    /// ∂G/∂p in Å²/Å for lengths and Å²/degree for angles, one for each of `names`.
    public var metricDerivatives: [Matrix3] { names.indices.map { metricDerivative(of: $0) } }

    /// ∂G/∂p of the parameter `names[k]`, without allocation.
    package func metricDerivative(of k: Int) -> Matrix3 {
        var result = Matrix3.zero
        for index in sources.indices where sources[index] == .free(k) {
            result = result + metricDerivative(ofCell: index)
        }
        return result
    }

    /// ∂G/∂(a, b, c, α, β or γ) with the other five held.
    private func metricDerivative(ofCell index: Int) -> Matrix3 {
        var d = Matrix3.zero
        let radian = Double.pi / 180
        func cosine(_ i: Int, _ j: Int) -> Double { cos(cell(6 - i - j) * radian) }
        if index < 3 {
            let i = index
            for j in 0..<3 {
                if i == j {
                    d[i, i] = 2 * cell(i)
                } else {
                    d[i, j] = cell(j) * cosine(i, j)
                    d[j, i] = d[i, j]
                }
            }
        } else {
            // The angle opposite to axis k = index − 3 lies between the other two axes.
            let k = index - 3
            let (i, j) = ((k + 1) % 3, (k + 2) % 3)
            d[i, j] = -cell(i) * cell(j) * sin(cell(index) * radian) * radian
            d[j, i] = d[i, j]
        }
        return d
    }

    /// The free parameter that one of `cellNames` follows; nil where the family fixes it.
    package func freeName(of cellName: String) -> String? {
        guard let index = Self.cellNames.firstIndex(of: cellName), case .free(let k) = sources[index] else {
            return nil
        }
        return names[k]
    }

    /// Which of a, b, c, α, β, γ move with a free parameter: `a = b`.
    func formula(of name: Int) -> String {
        let moved = sources.indices.filter { sources[$0] == .free(name) }.map { Self.cellNames[$0] }
        return moved.joined(separator: " = ")
    }

    var parameters: [Parameter] {
        let meanLength = Foundation.cbrt(lattice.volume)
        return names.indices.map { k in
            let isAngle = names[k].count > 1
            return Parameter(
                name: names[k], value: values[k], kind: isAngle ? .angle : .length,
                bounds: isAngle ? 15...165 : 0.5...500, formula: formula(of: k),
                scale: isAngle ? 180 / .pi / meanLength : 1)
        }
    }
}
