import CGatedLayers
import Foundation
import NumericalMethods

/// One evaluation of the network: forward, then hand-written reverse.
///
/// First layers are factored by source: atoms and bonds are projected once each and added after the gather,
/// which is exact and leaves a third of the products. Rows of edges and angles go through in blocks that stay
/// in cache; kept for the reverse pass are only the rows before the last norms, and before the first
/// activation where angles enter.
final class CHGNetPass {
    typealias Gated = CHGNetWeights.Gated

    let weights: CHGNetWeights
    let graph: CrystalGraph
    static let width = CHGNetWeights.width
    static let blockRows = 192

    // State.
    let v: FeatureTable
    let b: FeatureTable
    let a: FeatureTable
    let wa: FeatureTable
    let wb: FeatureTable
    let geometry: GraphGeometry

    // Kept for the reverse pass, layer by layer.
    var atomProjections: [[FeatureTable]] = []
    var atomRows: [FeatureTable] = []
    var bondHidden: [FeatureTable] = []
    var bondRows: [FeatureTable] = []
    var angleRows: [FeatureTable] = []
    var readoutRows: [FeatureTable] = []

    // Scratch of one block.
    let hidden = FeatureTable(rows: blockRows, columns: 2 * width)
    let gradient = FeatureTable(rows: blockRows, columns: 2 * width)
    let message = FeatureTable(rows: blockRows)
    let incoming = FeatureTable(rows: blockRows)

    init(_ weights: CHGNetWeights, _ graph: CrystalGraph, atomicNumbers: [Int]) {
        self.weights = weights
        self.graph = graph
        geometry = GraphGeometry(weights, graph)
        v = FeatureTable(rows: graph.atomCount)
        b = FeatureTable(rows: graph.bondCount)
        a = FeatureTable(rows: graph.angleCount)
        wa = FeatureTable(rows: graph.bondCount)
        wb = FeatureTable(rows: graph.shortCount)
        for (i, z) in atomicNumbers.enumerated() {
            for c in 0..<Self.width { v.row(i)[c] = weights.atomEmbedding[(z - 1) * Self.width + c] }
        }
        b.linear(geometry.radial, weights.bondEmbedding)
        wa.linear(geometry.radial, weights.bondWeights)
        wb.linear(geometry.shortRadial, weights.shortBondWeights)
        a.linear(geometry.angular, weights.angleEmbedding)
    }

    /// - Returns: site energies without the elements' reference, and magnetic moments (µB).
    func forward() -> (siteEnergies: [Double], magneticMoments: [Double]) {
        var moments: [Double] = []
        for t in 0..<4 {
            atomConvolution(weights.atomLayers[t], weights.atomOutputs[t])
            if t == 2 { moments = magneticMoments() }
            if t < 3 { bondConvolution(weights.bondLayers[t], weights.bondOutputs[t]) }
            if t < 2 { angleUpdate(weights.angleLayers[t]) }
        }
        return (readout(), moments)
    }

    /// After `forward`: ∂E/∂(vector of each link), eV/Å.
    func reverse() -> [SIMD3<Double>] {
        let dv = readoutReverse()
        let db = FeatureTable(rows: b.rows)
        let da = FeatureTable(rows: a.rows)
        let dwa = FeatureTable(rows: wa.rows)
        let dwb = FeatureTable(rows: wb.rows)
        for t in (0..<4).reversed() {
            if t < 2 { angleReverse(t, dv, db, da) }
            if t < 3 { bondReverse(t, dv, db, da, dwb) }
            atomReverse(t, dv, db, dwa)
        }
        return geometry.reverse(weights, graph, db: db, da: da, dwa: dwa, dwb: dwb)
    }

    // MARK: Blocks

    /// The weights of a block's rows, null where all are one.
    static func withWeights(_ weights: [Double], _ first: Int, _ body: (UnsafePointer<Double>?) -> Void) {
        guard !weights.isEmpty else { return body(nil) }
        weights.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + first }) }
    }

    static func forBlocks(_ rows: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        for first in stride(from: 0, to: rows, by: blockRows) { body(first, min(blockRows, rows - first)) }
    }

    /// y = W h + bias for core and gate at once.
    func secondLayer(_ layer: Gated, _ h: FeatureTable, into y: UnsafeMutablePointer<Double>, count: Int) {
        let both = 2 * Self.width
        layer.secondBias.withUnsafeBufferPointer { bias in
            guard let base = bias.baseAddress else { return }
            for r in 0..<count { (y + r * both).update(from: base, count: both) }
        }
        for (offset, weight) in [(0, layer.secondCore), (Self.width, layer.secondGate)] {
            weight.withUnsafeBufferPointer { w in
                guard let base = w.baseAddress else { return }
                MatrixProduct.timesTransposed(
                    .init(h.start + offset, stride: both), .init(base, stride: Self.width), into: y + offset,
                    stride: both, rows: count, columns: Self.width, inner: Self.width, adding: true)
            }
        }
    }

    /// dh = Wᵀ dy.
    func secondLayerReverse(_ layer: Gated, _ dy: FeatureTable, into dh: FeatureTable, count: Int) {
        let both = 2 * Self.width
        for (offset, weight) in [(0, layer.secondCore), (Self.width, layer.secondGate)] {
            weight.withUnsafeBufferPointer { w in
                guard let base = w.baseAddress else { return }
                MatrixProduct.times(
                    .init(dy.start + offset, stride: both), .init(base, stride: Self.width),
                    into: dh.start + offset, stride: both, rows: count, columns: Self.width,
                    inner: Self.width)
            }
        }
    }

    func projection(_ x: FeatureTable, _ weight: [Double], rows: Int? = nil, bias: [Double]? = nil)
        -> FeatureTable
    {
        let result = FeatureTable(rows: rows ?? x.rows, columns: 2 * Self.width)
        result.linear(x, weight)
        if let bias { result.add(bias) }
        return result
    }

    /// The angle rows' own part and, added to it, those of both bonds and of the centre.
    func angleInput(
        _ layer: Gated, _ parts: [FeatureTable], first: Int, count: Int, into z: UnsafeMutablePointer<Double>
    ) {
        layer.parts[2].withUnsafeBufferPointer { w in
            guard let base = w.baseAddress else { return }
            MatrixProduct.timesTransposed(
                .init(a.row(first), stride: Self.width), .init(base, stride: Self.width), into: z,
                stride: 2 * Self.width, rows: count, columns: 2 * Self.width, inner: Self.width)
        }
        Self.withIndices(graph.angleBond1, graph.angleBond2, graph.angleCentre, first) { k1, k2, c in
            wyckoff_gather_add3(
                Int32(count), parts[0].start, k1, parts[1].start, k2, parts[2].start, c, z)
        }
    }

    static func withIndices(
        _ x: [Int32], _ y: [Int32], _ z: [Int32], _ first: Int,
        _ body: (UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Void
    ) {
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                z.withUnsafeBufferPointer { z in
                    guard let x = x.baseAddress, let y = y.baseAddress, let z = z.baseAddress else { return }
                    body(x + first, y + first, z + first)
                }
            }
        }
    }
}
