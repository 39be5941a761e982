import CGatedLayers
import NumericalMethods

extension CHGNetPass {
    /// ∂E/∂v before the readout.
    func readoutReverse() -> FeatureTable {
        var g = table(v.rows)
        g.fill(weights.readoutLast)
        for (row, count) in graph.multiplicities.enumerated() {
            for c in 0..<Self.width { g.row(row)[c] *= count }
        }
        for layer in (0..<3).reversed() {
            wyckoff_silu_reverse(Int64(v.rows * Self.width), readoutRows[layer].start, g.start)
            let next = table(v.rows)
            next.linearReverse(g, weights.readoutWeights[layer], adding: false, partition.split)
            g = next
        }
        let dv = table(v.rows)
        wyckoff_layer_norm_reverse(
            Int32(v.rows), v.start, weights.readoutNorm.weight, g.start, dv.start)
        return dv
    }

    /// - Parameter dradial: receives the gradient of long bonds, whose features are linear in their basis.
    func atomReverse(
        _ t: Int, _ dv: FeatureTable, _ db: FeatureTable, _ dradial: FeatureTable, _ dwa: FeatureTable
    ) {
        let layer = weights.atomLayers[t]
        let (parts, rows) = (atomProjections[t], atomRows[t])
        let dsum = table(v.rows)
        dsum.linearReverse(dv, weights.atomOutputs[t], adding: false, partition.split)
        let (bonds, neighbours) = (partition.edgeBond, partition.edgeNeighbour)
        let dparts = [v.rows, bonds.count, neighbours.count].map {
            table($0, columns: 2 * Self.width, isZero: true)
        }
        forBlocks(partition.edges) { scratch, first, count in
            let (hidden, message, incoming) = (scratch.hidden, scratch.message, scratch.incoming)
            Self.withIndices(graph.edgeCentre, graph.edgeBond, graph.edgeNeighbour, first) { i, k, j in
                let n = Int32(count)
                Self.withWeights(graph.edgeWeights, first) { scale in
                    wyckoff_gather_weighted(n, dsum.start, i, wa.start, k, nil, nil, scale, incoming.start)
                }
                gateReverse(
                    scratch, rows, layer, incoming.start, first: first, count: count, isValueWanted: true)
                secondLayerReverse(layer, scratch.gradient, into: hidden, count: count)
                // The rows before the first activation are gathered again rather than kept.
                wyckoff_gather_silu3_reverse(
                    n, parts[0].start, i, parts[1].start, k, parts[2].start, j, hidden.start)
            }
            Self.withIndices(graph.edgeCentre, bonds.rows[0], neighbours.rows[0], first) { i, k, j in
                let n = Int32(count)
                Self.withWeights(graph.edgeWeights, first) { scale in
                    wyckoff_scatter_weight_gradient(
                        n, dsum.start, i, message.start, scale, dwa.start, k)
                }
                wyckoff_scatter_add3(
                    n, hidden.start, dparts[0].start, i, dparts[1].start, k, dparts[2].start, j)
            }
        }
        let split = partition.split
        let dbond = total(dparts[1], bonds)
        dv.linearReverse(dparts[0], layer.parts[0], split)
        dv.linearReverse(total(dparts[2], neighbours), layer.parts[2], split)
        db.linearReverse(dbond, layer.parts[1], rows: 0..<graph.shortCount, split)
        dradial.linearReverse(
            dbond, weights.longBondLayers[t], rows: graph.shortCount..<graph.bondCount, split)
    }

    /// - Parameter dangle: receives the gradient of the angles' features, or of their basis in the first layer.
    func bondReverse(
        _ t: Int, _ dv: FeatureTable, _ db: FeatureTable, _ dangle: FeatureTable, _ dwb: FeatureTable
    ) {
        let layer = weights.bondLayers[t]
        let own = t == 0 ? weights.firstBondLayer : layer.parts[2]
        let dsum = table(graph.shortCount)
        dsum.linearReverse(db, weights.bondOutputs[t], adding: false, partition.split)
        let dparts = emptyAngleParts()
        forBlocks(partition.angles) { scratch, first, count in
            let (hidden, message, incoming) = (scratch.hidden, scratch.message, scratch.incoming)
            let n = Int32(count)
            Self.withIndices(graph.angleBond1, graph.angleBond2, graph.angleCentre, first) { k1, k2, _ in
                Self.withWeights(graph.angleWeights, first) { scale in
                    wyckoff_gather_weighted(
                        n, dsum.start, k1, wb.start, k1, wb.start, k2, scale, incoming.start)
                }
                gateReverse(
                    scratch, bondRows[t], layer, incoming.start, first: first, count: count,
                    isValueWanted: true)
                let rows = partition.angleBond.rows
                Self.withIndices(rows[0], rows[1], graph.angleBond1, first) { t1, t2, _ in
                    Self.withWeights(graph.angleWeights, first) { scale in
                        wyckoff_scatter_pair_gradient(
                            n, dsum.start, k1, message.start, scale, wb.start, k1, k2, dwb.start, t1, t2)
                    }
                }
            }
            secondLayerReverse(layer, scratch.gradient, into: hidden, count: count)
            wyckoff_multiply(
                Int64(count * 2 * Self.width), bondSlopes[t].row(first), hidden.start)
            angleInputReverse(own, hidden, dparts, dangle, first: first, count: count)
        }
        addAngleParts(layer, dparts, dv, db)
    }

    /// - Parameters:
    ///   - dangle: as of `bondReverse`.
    ///   - da: the gradient of the updated features.
    func angleReverse(
        _ t: Int, _ dv: FeatureTable, _ db: FeatureTable, _ dangle: FeatureTable, from da: FeatureTable
    ) {
        let layer = weights.angleLayers[t]
        let own = t == 0 ? weights.firstAngleLayer : layer.parts[2]
        let dparts = emptyAngleParts()
        forBlocks(partition.angles) { scratch, first, count in
            gateReverse(
                scratch, angleRows[t], layer, da.row(first), first: first, count: count,
                isValueWanted: false)
            angleInputReverse(own, scratch.gradient, dparts, dangle, first: first, count: count)
        }
        addAngleParts(layer, dparts, dv, db)
    }

    private func emptyAngleParts() -> [FeatureTable] {
        [partition.angleBond.count, partition.angleBond.count, v.rows].map {
            table($0, columns: 2 * Self.width, isZero: true)
        }
    }

    private func angleInputReverse(
        _ own: LinearLayer, _ dz: FeatureTable, _ dparts: [FeatureTable], _ dangle: FeatureTable, first: Int,
        count: Int
    ) {
        let rows = partition.angleBond.rows
        Self.withIndices(rows[0], rows[1], graph.angleCentre, first) { k1, k2, c in
            wyckoff_scatter_add3(
                Int32(count), dz.start, dparts[0].start, k1, dparts[1].start, k2, dparts[2].start, c)
        }
        wyckoff_prefetch(Int64(count * dangle.columns), dangle.row(first))
        own.reverse(
            dz.start, stride: dz.columns, into: dangle.row(first), stride: dangle.columns, rows: count,
            adding: true)
    }

    private func addAngleParts(
        _ layer: Gated, _ dparts: [FeatureTable], _ dv: FeatureTable, _ db: FeatureTable
    ) {
        let split = partition.split
        db.linearReverse(total(dparts[0], partition.angleBond), layer.parts[0], split)
        db.linearReverse(total(dparts[1], partition.angleBond), layer.parts[1], split)
        dv.linearReverse(dparts[2], layer.parts[3], split)
    }
}
