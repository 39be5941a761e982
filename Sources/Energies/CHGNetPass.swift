import CGatedLayers
import Foundation
import NumericalMethods

/// One evaluation of the network: forward, then hand-written reverse.
///
/// First layers are factored by source: atoms and bonds are projected once each and added after the gather,
/// which is exact and leaves a third of the products; what is linear in a basis is taken from it in one product. Rows of
/// edges and angles go through in blocks that stay in cache; kept for the reverse pass are only the rows before the last
/// norms, and the slopes of the first activation where angles enter. A large graph is cut into parts (`GraphPartition`)
/// that several threads share.
final class CHGNetPass {
    typealias Gated = CHGNetWeights.Gated

    let weights: CHGNetWeights
    let graph: CrystalGraph
    let partition: GraphPartition
    let store: FeatureStore
    static let width = CHGNetWeights.width
    static let blockRows = 96
    static let noBias = [Double](repeating: 0, count: 2 * width)

    // State: atoms, short bonds, angles (from the first update on).
    let v: FeatureTable
    let b: FeatureTable
    let a: FeatureTable
    let wa: FeatureTable
    let wb: FeatureTable
    let geometry: GraphGeometry

    // Kept for the reverse pass, layer by layer.
    var atomProjections: [[FeatureTable]] = []
    var atomRows: [NormalizedRows] = []
    var bondSlopes: [FeatureTable] = []
    var bondRows: [NormalizedRows] = []
    var angleRows: [NormalizedRows] = []
    var readoutRows: [FeatureTable] = []

    /// Of the block that a part is at.
    private let scratches: [Scratch]

    struct Scratch {
        let hidden: FeatureTable
        let before: FeatureTable
        let gradient: FeatureTable
        let message: FeatureTable
        let incoming: FeatureTable

        init(_ store: FeatureStore) {
            func table(_ columns: Int) -> FeatureTable {
                FeatureTable(store, rows: blockRows, columns: columns)
            }
            (hidden, before, gradient) = (table(2 * width), table(2 * width), table(2 * width))
            (message, incoming) = (table(width), table(width))
        }
    }

    init(
        _ weights: CHGNetWeights, _ graph: CrystalGraph, atomicNumbers: [Int], threads: Int,
        _ store: FeatureStore
    ) {
        self.weights = weights
        self.graph = graph
        self.store = store
        partition = GraphPartition(graph, threads: threads)
        let split = partition.split
        geometry = GraphGeometry(weights, graph, store, split)
        v = FeatureTable(store, rows: graph.atomCount)
        b = FeatureTable(store, rows: graph.shortCount)
        a = FeatureTable(store, rows: graph.angleCount)
        wa = FeatureTable(store, rows: graph.bondCount)
        wb = FeatureTable(store, rows: graph.shortCount)
        scratches = (0..<split.parts).map { _ in Scratch(store) }
        isStreamed = graph.edgeCount * 4 + graph.angleCount * 8 > Self.cachedRows ? 1 : 0
        for (i, z) in atomicNumbers.enumerated() {
            for c in 0..<Self.width { v.row(i)[c] = weights.atomEmbedding[(z - 1) * Self.width + c] }
        }
        b.linear(geometry.radial, weights.bondEmbedding, split)
        wa.linear(geometry.radial, weights.bondWeights, split)
        wb.linear(geometry.shortRadial, weights.shortBondWeights, split)
        a.linear(geometry.angular, weights.angleEmbedding, split)
    }

    /// What a gate keeps for its reverse: its rows after the norms, and 1/σ of core and gate.
    struct NormalizedRows {
        let rows: FeatureTable
        let inverse: FeatureTable
    }

    func normalizedRows(_ count: Int) -> NormalizedRows {
        NormalizedRows(rows: table(count, columns: 2 * Self.width), inverse: table(count, columns: 2))
    }

    /// Whether what is kept will have left the caches before it is met again.
    let isStreamed: Int32
    /// Rows of 1 kB.
    private static let cachedRows = 8_000

    /// The gate of a block whose rows before the norms stand in `before`, its value in `message`.
    func gate(
        _ scratch: Scratch, bias: [Double], _ layer: Gated, keeping kept: NormalizedRows, first: Int,
        count: Int
    ) {
        wyckoff_gate(
            Int32(count), scratch.before.start, bias, layer.norm, kept.rows.row(first),
            kept.inverse.row(first),
            isStreamed, scratch.message.start)
    }

    /// dy of a block in `gradient`, and where asked for the gate's value in `message`.
    func gateReverse(
        _ scratch: Scratch, _ kept: NormalizedRows, _ layer: Gated, _ dout: UnsafePointer<Double>, first: Int,
        count: Int,
        isValueWanted: Bool
    ) {
        wyckoff_gate_reverse(
            Int32(count), kept.rows.row(first), kept.inverse.row(first), layer.norm, dout,
            isValueWanted ? scratch.message.start : nil, scratch.gradient.start)
    }

    func table(_ rows: Int, columns: Int = width, isZero: Bool = false) -> FeatureTable {
        let result = FeatureTable(store, rows: rows, columns: columns)
        if isZero { result.clear(partition.split) }
        return result
    }

    /// What parts added into rows of their own, added up.
    func total(_ table: FeatureTable, _ rows: PartRows) -> FeatureTable {
        guard !rows.isDirect else { return table }
        let result = self.table(rows.begin.count - 1, columns: table.columns)
        partition.split.forRows(0..<result.rows) { range in
            wyckoff_sum_rows(
                Int32(range.lowerBound), Int32(range.upperBound), rows.begin, rows.order,
                Int32(table.columns), table.start, result.start)
        }
        return result
    }

    /// - Returns: site energies without the elements' reference, and magnetic moments (µB).
    func forward() -> (siteEnergies: [Double], magneticMoments: [Double]) {
        var moments: [Double] = []
        for t in 0..<4 {
            atomConvolution(t)
            if t == 2 { moments = magneticMoments() }
            if t < 3 { bondConvolution(t) }
            if t < 2 { angleUpdate(t) }
        }
        return (readout(), moments)
    }

    /// After `forward`: ∂E/∂(vector of each link), eV/Å.
    func reverse() -> [SIMD3<Double>] {
        let dv = readoutReverse()
        let bases = BasisGradients(
            radial: table(graph.bondCount, columns: CHGNetWeights.basisColumns, isZero: true),
            shortRadial: table(graph.shortCount, columns: CHGNetWeights.basisColumns),
            angular: table(graph.angleCount, columns: CHGNetWeights.basisColumns, isZero: true))
        let db = table(graph.shortCount, isZero: true)
        let da = table(a.rows, isZero: true)
        let dwa = table(partition.edgeBond.count, isZero: true)
        let dwb = table(partition.angleBond.count, isZero: true)
        let split = partition.split
        for t in (0..<4).reversed() {
            if t < 2 { angleReverse(t, dv, db, t == 0 ? bases.angular : da, from: da) }
            if t < 3 { bondReverse(t, dv, db, t == 0 ? bases.angular : da, dwb) }
            atomReverse(t, dv, db, bases.radial, dwa)
        }
        bases.radial.linearReverse(db, weights.bondEmbedding, rows: 0..<graph.shortCount, split)
        bases.radial.linearReverse(total(dwa, partition.edgeBond), weights.bondWeights, split)
        bases.shortRadial.linearReverse(
            total(dwb, partition.angleBond), weights.shortBondWeights, adding: false, split)
        bases.angular.linearReverse(da, weights.angleEmbedding, split)
        return geometry.reverse(graph, bases, split)
    }

    // MARK: Blocks

    /// The weights of a block's rows, null where all are one.
    static func withWeights(_ weights: [Double], _ first: Int, _ body: (UnsafePointer<Double>?) -> Void) {
        guard !weights.isEmpty else { return body(nil) }
        weights.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + first }) }
    }

    func forBlocks(
        _ parts: [Range<Int>], _ body: (_ scratch: Scratch, _ first: Int, _ count: Int) -> Void
    ) {
        partition.split.forEach { part in
            let rows = parts[part]
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockRows) {
                body(scratches[part], first, min(Self.blockRows, rows.upperBound - first))
            }
        }
    }

    /// y = W h for core and gate at once; the gate adds the bias.
    func secondLayer(_ layer: Gated, _ h: FeatureTable, into y: FeatureTable, count: Int) {
        let both = 2 * Self.width
        for (offset, second) in zip([0, Self.width], layer.second) {
            second.forward(
                h.start + offset, stride: both, into: y.start + offset, stride: both, rows: count)
        }
    }

    /// dh = Wᵀ dy.
    func secondLayerReverse(_ layer: Gated, _ dy: FeatureTable, into dh: FeatureTable, count: Int) {
        let both = 2 * Self.width
        for (offset, second) in zip([0, Self.width], layer.second) {
            second.reverse(
                dy.start + offset, stride: both, into: dh.start + offset, stride: both, rows: count)
        }
    }

    func projection(_ x: FeatureTable, _ layer: LinearLayer, bias: [Double]? = nil) -> FeatureTable {
        let result = table(x.rows, columns: 2 * Self.width)
        if let bias { result.fill(bias) }
        result.linear(x, layer, adding: bias != nil, partition.split)
        return result
    }

    /// The angle rows' own part and, added to it, those of both bonds and of the centre. The first layers take angles from
    /// their basis.
    func angleInput(
        _ t: Int, _ own: LinearLayer, _ parts: [FeatureTable], first: Int, count: Int,
        into z: FeatureTable
    ) {
        let source = t == 0 ? geometry.angular : a
        wyckoff_prefetch(Int64(count * source.columns), source.row(first))
        own.forward(
            source.row(first), stride: source.columns, into: z.start, stride: 2 * Self.width, rows: count)
        Self.withIndices(graph.angleBond1, graph.angleBond2, graph.angleCentre, first) { k1, k2, c in
            wyckoff_gather_add3(
                Int32(count), parts[0].start, k1, parts[1].start, k2, parts[2].start, c, z.start)
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
