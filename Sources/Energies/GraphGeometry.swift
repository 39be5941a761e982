import Foundation
import NumericalMethods

/// What the network sees of a crystal graph: radial bases of its bonds, angular bases of its angles, and the way
/// back from their gradients to bond vectors.
struct GraphGeometry {
    /// 31 columns, all bonds.
    let radial: FeatureTable
    /// 31 columns, short bonds.
    let shortRadial: FeatureTable
    /// 31 columns.
    let angular: FeatureTable
    private let radialSlope: FeatureTable
    private let shortRadialSlope: FeatureTable
    private let angularSlope: FeatureTable
    private let cosines: [Double]

    /// Keeps the angle differentiable where two edges are parallel.
    private static let shrink = 1 - 1e-6

    init(_ weights: CHGNetWeights, _ graph: CrystalGraph) {
        let count = CHGNetWeights.radialCount
        radial = FeatureTable(rows: graph.bondCount, columns: count)
        radialSlope = FeatureTable(rows: graph.bondCount, columns: count)
        shortRadial = FeatureTable(rows: graph.shortCount, columns: count)
        shortRadialSlope = FeatureTable(rows: graph.shortCount, columns: count)
        let long = RadialBasis(frequencies: weights.radialFrequencies, cutoff: CHGNetWeights.cutoff)
        let short = RadialBasis(
            frequencies: weights.shortRadialFrequencies, cutoff: CHGNetWeights.angularCutoff)
        for k in 0..<graph.bondCount {
            let bond = graph.links[Int(graph.bondLink[k])]
            long.evaluate(bond.length, values: radial.row(k), derivatives: radialSlope.row(k))
            guard k < graph.shortCount else { continue }
            short.evaluate(bond.length, values: shortRadial.row(k), derivatives: shortRadialSlope.row(k))
        }
        angular = FeatureTable(rows: graph.angleCount, columns: CHGNetWeights.angularCount)
        angularSlope = FeatureTable(rows: graph.angleCount, columns: CHGNetWeights.angularCount)
        let basis = AngularBasis(frequencies: weights.angularFrequencies)
        var cosines = [Double](repeating: 0, count: graph.angleCount)
        for k in 0..<graph.angleCount {
            let (x, y) = (graph.links[Int(graph.angleLink1[k])], graph.links[Int(graph.angleLink2[k])])
            let sign = graph.angleSign1[k] * graph.angleSign2[k]
            cosines[k] = Self.shrink * sign * x.vector.dot(y.vector) / (x.length * y.length)
            basis.evaluate(acos(cosines[k]), values: angular.row(k), derivatives: angularSlope.row(k))
        }
        self.cosines = cosines
    }

    func reverse(
        _ weights: CHGNetWeights, _ graph: CrystalGraph, db: FeatureTable, da: FeatureTable,
        dwa: FeatureTable, dwb: FeatureTable
    ) -> [SIMD3<Double>] {
        let dradial = FeatureTable(rows: radial.rows, columns: radial.columns)
        dradial.linearReverse(db, weights.bondEmbedding)
        dradial.linearReverse(dwa, weights.bondWeights)
        let dshort = FeatureTable(rows: shortRadial.rows, columns: shortRadial.columns)
        dshort.linearReverse(dwb, weights.shortBondWeights)
        let dangular = FeatureTable(rows: angular.rows, columns: angular.columns)
        dangular.linearReverse(da, weights.angleEmbedding)

        var result = [SIMD3<Double>](repeating: .zero, count: graph.links.count)
        for k in 0..<graph.bondCount {
            let link = Int(graph.bondLink[k])
            var slope = Self.product(dradial.row(k), radialSlope.row(k), radial.columns)
            if k < graph.shortCount {
                slope += Self.product(dshort.row(k), shortRadialSlope.row(k), radial.columns)
            }
            result[link] += graph.links[link].vector * (slope / graph.links[link].length)
        }
        for k in 0..<graph.angleCount {
            let (k1, k2) = (Int(graph.angleLink1[k]), Int(graph.angleLink2[k]))
            let (x, y) = (graph.links[k1], graph.links[k2])
            let u1 = x.vector * (graph.angleSign1[k] / x.length)
            let u2 = y.vector * (graph.angleSign2[k] / y.length)
            let dtheta = Self.product(dangular.row(k), angularSlope.row(k), angular.columns)
            let dcosine = -dtheta / (1 - cosines[k] * cosines[k]).squareRoot() * Self.shrink
            let cosine = u1.dot(u2)
            result[k1] += (u2 - u1 * cosine) * (dcosine * graph.angleSign1[k] / x.length)
            result[k2] += (u1 - u2 * cosine) * (dcosine * graph.angleSign2[k] / y.length)
        }
        return result
    }

    private static func product(
        _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
    ) -> Double {
        var sum = 0.0
        for c in 0..<count { sum += x[c] * y[c] }
        return sum
    }
}
