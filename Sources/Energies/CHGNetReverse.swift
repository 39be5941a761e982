import CGatedLayers
import NumericalMethods

extension CHGNetPass {
    /// ∂E/∂v before the readout.
    func readoutReverse() -> FeatureTable {
        var g = FeatureTable(rows: v.rows)
        g.add(weights.readoutLast)
        for (row, count) in graph.multiplicities.enumerated() {
            for c in 0..<Self.width { g.row(row)[c] *= count }
        }
        for layer in (0..<3).reversed() {
            wyckoff_silu_reverse(
                Int64(v.rows), Int32(Self.width), readoutRows[layer].start, nil, g.start)
            let next = FeatureTable(rows: v.rows)
            next.linearReverse(g, weights.readoutWeights[layer], adding: false)
            g = next
        }
        let dv = FeatureTable(rows: v.rows)
        wyckoff_layer_norm_reverse(
            Int32(v.rows), v.start, weights.readoutNorm.weight, g.start, dv.start)
        return dv
    }

    func atomReverse(_ t: Int, _ dv: FeatureTable, _ db: FeatureTable, _ dwa: FeatureTable) {
        let layer = weights.atomLayers[t]
        let (parts, rows) = (atomProjections[t], atomRows[t])
        let dsum = FeatureTable(rows: v.rows)
        dsum.linearReverse(dv, weights.atomOutputs[t])
        let dparts = parts.map { FeatureTable(rows: $0.rows, columns: $0.columns) }
        Self.forBlocks(graph.edgeCount) { first, count in
            Self.withIndices(graph.edgeCentre, graph.edgeBond, graph.edgeNeighbour, first) { i, k, j in
                let n = Int32(count)
                Self.withWeights(graph.edgeWeights, first) { scale in
                    wyckoff_gather_weighted(n, dsum.start, i, wa.start, k, nil, nil, scale, incoming.start)
                }
                wyckoff_gate_reverse(
                    n, rows.row(first), layer.norm, incoming.start, message.start, gradient.start)
                Self.withWeights(graph.edgeWeights, first) { scale in
                    wyckoff_scatter_weight_gradient(
                        n, dsum.start, i, message.start, scale, wa.start, k, dwa.start, nil, nil, nil)
                }
                secondLayerReverse(layer, gradient, into: hidden, count: count)
                // The rows before the first activation are gathered again rather than kept.
                wyckoff_gather_sum3(
                    n, parts[0].start, i, parts[1].start, k, parts[2].start, j, gradient.start)
                wyckoff_silu_reverse(
                    Int64(count), Int32(2 * Self.width), gradient.start, nil, hidden.start)
                wyckoff_scatter_add3(
                    n, hidden.start, dparts[0].start, i, dparts[1].start, k, dparts[2].start, j)
            }
        }
        dv.linearReverse(dparts[0], layer.parts[0])
        dv.linearReverse(dparts[2], layer.parts[2])
        db.linearReverse(dparts[1], layer.parts[1])
    }

    func bondReverse(
        _ t: Int, _ dv: FeatureTable, _ db: FeatureTable, _ da: FeatureTable, _ dwb: FeatureTable
    ) {
        let layer = weights.bondLayers[t]
        let dsum = FeatureTable(rows: graph.shortCount)
        dsum.linearReverse(db, weights.bondOutputs[t])
        let dparts = emptyAngleParts()
        Self.forBlocks(graph.angleCount) { first, count in
            Self.withIndices(graph.angleBond1, graph.angleBond2, graph.angleCentre, first) { k1, k2, _ in
                let n = Int32(count)
                Self.withWeights(graph.angleWeights, first) { scale in
                    wyckoff_gather_weighted(
                        n, dsum.start, k1, wb.start, k1, wb.start, k2, scale, incoming.start)
                }
                wyckoff_gate_reverse(
                    n, bondRows[t].row(first), layer.norm, incoming.start, message.start, gradient.start)
                Self.withWeights(graph.angleWeights, first) { scale in
                    wyckoff_scatter_weight_gradient(
                        n, dsum.start, k1, message.start, scale, wb.start, k1, dwb.start, wb.start, k2,
                        dwb.start)
                }
            }
            secondLayerReverse(layer, gradient, into: hidden, count: count)
            wyckoff_silu_reverse(
                Int64(count), Int32(2 * Self.width), bondHidden[t].row(first), nil, hidden.start)
            angleInputReverse(layer, hidden, dparts, da, first: first, count: count)
        }
        addAngleParts(layer, dparts, dv, db)
    }

    func angleReverse(_ t: Int, _ dv: FeatureTable, _ db: FeatureTable, _ da: FeatureTable) {
        let layer = weights.angleLayers[t]
        let dparts = emptyAngleParts()
        Self.forBlocks(graph.angleCount) { first, count in
            wyckoff_gate_reverse(
                Int32(count), angleRows[t].row(first), layer.norm, da.row(first), nil, gradient.start)
            angleInputReverse(layer, gradient, dparts, da, first: first, count: count)
        }
        addAngleParts(layer, dparts, dv, db)
    }

    private func emptyAngleParts() -> [FeatureTable] {
        [graph.shortCount, graph.shortCount, v.rows].map { FeatureTable(rows: $0, columns: 2 * Self.width) }
    }

    private func angleInputReverse(
        _ layer: Gated, _ dz: FeatureTable, _ dparts: [FeatureTable], _ da: FeatureTable, first: Int,
        count: Int
    ) {
        Self.withIndices(graph.angleBond1, graph.angleBond2, graph.angleCentre, first) { k1, k2, c in
            wyckoff_scatter_add3(
                Int32(count), dz.start, dparts[0].start, k1, dparts[1].start, k2, dparts[2].start, c)
        }
        layer.parts[2].withUnsafeBufferPointer { w in
            guard let base = w.baseAddress else { return }
            MatrixProduct.times(
                dz.block, .init(base, stride: Self.width), into: da.row(first), stride: Self.width,
                rows: count, columns: Self.width, inner: 2 * Self.width, adding: true)
        }
    }

    private func addAngleParts(
        _ layer: Gated, _ dparts: [FeatureTable], _ dv: FeatureTable, _ db: FeatureTable
    ) {
        db.linearReverse(dparts[0], layer.parts[0], count: graph.shortCount)
        db.linearReverse(dparts[1], layer.parts[1], count: graph.shortCount)
        dv.linearReverse(dparts[2], layer.parts[3])
    }
}
