import CGatedLayers
import Foundation
import NumericalMethods

/// What the network sees of a crystal graph: radial bases of its bonds, angular bases of its angles, and the way
/// back from their gradients to bond vectors.
///
/// Radial: e(x) √(2/r) sin(w_n x)/d with x = d/r and the envelope e(x) = 1 − 45x⁸ + 80x⁹ − 36x¹⁰, whose value and first
/// two derivatives vanish at the cut-off r (Gasteiger et al., ICLR 2020, with p = 8). Angular:
/// [1/√2, sin f_m θ …, cos f_m θ …]/√π.
struct GraphGeometry {
    /// 32 columns as all tables here, all bonds.
    let radial: FeatureTable
    /// Short bonds.
    let shortRadial: FeatureTable
    let angular: FeatureTable
    private let radialSlope: FeatureTable
    private let shortRadialSlope: FeatureTable
    private let angularSlope: FeatureTable
    private let cosines: [Double]

    /// Keeps the angle differentiable where two edges are parallel.
    private static let shrink = 1 - 1e-6

    init(_ weights: CHGNetWeights, _ graph: CrystalGraph, _ store: FeatureStore) {
        let columns = CHGNetWeights.basisColumns
        func table(_ rows: Int) -> FeatureTable { FeatureTable(store, rows: rows, columns: columns) }
        (radial, radialSlope) = (table(graph.bondCount), table(graph.bondCount))
        (shortRadial, shortRadialSlope) = (table(graph.shortCount), table(graph.shortCount))
        (angular, angularSlope) = (table(graph.angleCount), table(graph.angleCount))
        let lengths = graph.bondLink.map { graph.links[Int($0)].length }
        wyckoff_radial_basis(
            Int64(graph.bondCount), lengths, CHGNetWeights.cutoff, weights.radialFrequencies + [0],
            radial.start, radialSlope.start)
        wyckoff_radial_basis(
            Int64(graph.shortCount), lengths, CHGNetWeights.angularCutoff,
            weights.shortRadialFrequencies + [0], shortRadial.start, shortRadialSlope.start)
        var cosines = [Double](repeating: 0, count: graph.angleCount)
        for k in 0..<graph.angleCount {
            let (x, y) = (graph.links[Int(graph.angleLink1[k])], graph.links[Int(graph.angleLink2[k])])
            let sign = graph.angleSign1[k] * graph.angleSign2[k]
            cosines[k] = Self.shrink * sign * x.vector.dot(y.vector) / (x.length * y.length)
        }
        self.cosines = cosines
        wyckoff_angular_basis(
            Int64(graph.angleCount), cosines.map { acos($0) }, [0] + weights.angularFrequencies,
            angular.start, angularSlope.start)
    }

    func reverse(_ graph: CrystalGraph, _ gradients: BasisGradients) -> [SIMD3<Double>] {
        var result = [SIMD3<Double>](repeating: .zero, count: graph.links.count)
        for k in 0..<graph.bondCount {
            let link = Int(graph.bondLink[k])
            var slope = Self.product(gradients.radial.row(k), radialSlope.row(k))
            if k < graph.shortCount {
                slope += Self.product(gradients.shortRadial.row(k), shortRadialSlope.row(k))
            }
            result[link] += graph.links[link].vector * (slope / graph.links[link].length)
        }
        for k in 0..<graph.angleCount {
            let (k1, k2) = (Int(graph.angleLink1[k]), Int(graph.angleLink2[k]))
            let (x, y) = (graph.links[k1], graph.links[k2])
            let u1 = x.vector * (graph.angleSign1[k] / x.length)
            let u2 = y.vector * (graph.angleSign2[k] / y.length)
            let dtheta = Self.product(gradients.angular.row(k), angularSlope.row(k))
            let dcosine = -dtheta / (1 - cosines[k] * cosines[k]).squareRoot() * Self.shrink
            let cosine = u1.dot(u2)
            result[k1] += (u2 - u1 * cosine) * (dcosine * graph.angleSign1[k] / x.length)
            result[k2] += (u1 - u2 * cosine) * (dcosine * graph.angleSign2[k] / y.length)
        }
        return result
    }

    private static func product(
        _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) -> Double {
        var sum = SIMD8<Double>.zero
        for c in stride(from: 0, to: CHGNetWeights.basisColumns, by: 8) {
            let (p, q) = (UnsafeRawPointer(x + c), UnsafeRawPointer(y + c))
            sum +=
                p.loadUnaligned(as: SIMD8<Double>.self) * q.loadUnaligned(as: SIMD8<Double>.self)
        }
        return sum.sum()
    }
}

/// The energy's gradient in the bases' values.
struct BasisGradients {
    let radial: FeatureTable
    let shortRadial: FeatureTable
    let angular: FeatureTable
}
