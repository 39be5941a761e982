import CGatedLayers
import Foundation
import NumericalMethods

/// What the network sees of a crystal graph: radial bases of its bonds, angular bases of its angles, and the way
/// back from their gradients to bond vectors.
///
/// Radial: e(x) √(2/r) sin(w_n x)/d with x = d/r and the envelope e(x) = 1 − 45x⁸ + 80x⁹ − 36x¹⁰, whose value and first
/// two derivatives vanish at the cut-off r (Gasteiger et al., ICLR 2020, with p = 8). Angular:
/// [1/√2, sin f_m θ …, cos f_m θ …]/√π.
package struct GraphGeometry {
    /// 32 columns as all tables here, all bonds.
    package let radial: FeatureTable
    /// Short bonds.
    package let shortRadial: FeatureTable
    package let angular: FeatureTable
    private let radialSlope: FeatureTable
    private let shortRadialSlope: FeatureTable
    private let angularSlope: FeatureTable
    private let cosines: FeatureTable

    /// Keeps the angle differentiable where two edges are parallel.
    private static let shrink = 1 - 1e-6

    package init(_ weights: CHGNetWeights, _ graph: CrystalGraph, _ store: FeatureStore, _ split: WorkSplit) {
        let columns = CHGNetWeights.basisColumns
        func table(_ rows: Int) -> FeatureTable { FeatureTable(store, rows: rows, columns: columns) }
        (radial, radialSlope) = (table(graph.bondCount), table(graph.bondCount))
        (shortRadial, shortRadialSlope) = (table(graph.shortCount), table(graph.shortCount))
        (angular, angularSlope) = (table(graph.angleCount), table(graph.angleCount))
        let lengths = graph.bondLink.map { graph.links[Int($0)].length }
        Self.radialBasis(
            lengths, graph.bondCount, CHGNetWeights.cutoff, weights.radialFrequencies, radial, radialSlope,
            split)
        Self.radialBasis(
            lengths, graph.shortCount, CHGNetWeights.angularCutoff, weights.shortRadialFrequencies,
            shortRadial,
            shortRadialSlope, split)
        cosines = FeatureTable(store, rows: graph.angleCount, columns: 1)
        let frequencies = [0] + weights.angularFrequencies
        let (values, slopes, cosines) = (angular, angularSlope, cosines)
        split.forRows(0..<graph.angleCount) { range in
            var angles = [Double](repeating: 0, count: range.count)
            for k in range {
                let (x, y) = (graph.links[Int(graph.angleLink1[k])], graph.links[Int(graph.angleLink2[k])])
                let sign = graph.angleSign1[k] * graph.angleSign2[k]
                let cosine = Self.shrink * sign * x.vector.dot(y.vector) / (x.length * y.length)
                cosines.start[k] = cosine
                angles[k - range.lowerBound] = acos(cosine)
            }
            wyckoff_angular_basis(
                Int64(range.count), angles, frequencies, values.row(range.lowerBound),
                slopes.row(range.lowerBound))
        }
    }

    private static func radialBasis(
        _ lengths: [Double], _ count: Int, _ cutoff: Double, _ frequencies: [Double], _ values: FeatureTable,
        _ slopes: FeatureTable, _ split: WorkSplit
    ) {
        let frequencies = frequencies + [0]
        split.forRows(0..<count) { range in
            lengths.withUnsafeBufferPointer {
                guard let base = $0.baseAddress else { return }
                wyckoff_radial_basis(
                    Int64(range.count), base + range.lowerBound, cutoff, frequencies,
                    values.row(range.lowerBound), slopes.row(range.lowerBound))
            }
        }
    }

    /// Once: the angles' cosines give way to their gradient.
    func reverse(_ graph: CrystalGraph, _ gradients: BasisGradients, _ split: WorkSplit) -> [SIMD3<Double>] {
        var result = [SIMD3<Double>](repeating: .zero, count: graph.links.count)
        for k in 0..<graph.bondCount {
            let link = Int(graph.bondLink[k])
            var slope = Self.product(gradients.radial.row(k), radialSlope.row(k))
            if k < graph.shortCount {
                slope += Self.product(gradients.shortRadial.row(k), shortRadialSlope.row(k))
            }
            result[link] += graph.links[link].vector * (slope / graph.links[link].length)
        }
        let slopes = cosines
        split.forRows(0..<graph.angleCount) { range in
            for k in range {
                let cosine = slopes.start[k]
                let dtheta = Self.product(gradients.angular.row(k), angularSlope.row(k))
                slopes.start[k] = -dtheta / (1 - cosine * cosine).squareRoot() * Self.shrink
            }
        }
        for k in 0..<graph.angleCount {
            let (k1, k2) = (Int(graph.angleLink1[k]), Int(graph.angleLink2[k]))
            let (x, y) = (graph.links[k1], graph.links[k2])
            let u1 = x.vector * (graph.angleSign1[k] / x.length)
            let u2 = y.vector * (graph.angleSign2[k] / y.length)
            let dcosine = slopes.start[k]
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
