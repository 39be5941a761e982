import CGatedLayers
import NumericalMethods

extension CHGNetPass {
    /// v_i += W Σ_e gated([v_i, b_k, v_j]) · wa_k over the edges out of i.
    func atomConvolution(_ layer: Gated, _ output: [Double]) {
        let parts = [
            projection(v, layer.parts[0], bias: layer.bias), projection(b, layer.parts[1]),
            projection(v, layer.parts[2]),
        ]
        let rows = FeatureTable(rows: graph.edgeCount, columns: 2 * Self.width)
        let sum = FeatureTable(rows: v.rows)
        Self.forBlocks(graph.edgeCount) { first, count in
            Self.withIndices(graph.edgeCentre, graph.edgeBond, graph.edgeNeighbour, first) { i, k, j in
                wyckoff_gather_sum3(
                    Int32(count), parts[0].start, i, parts[1].start, k, parts[2].start, j, hidden.start)
                wyckoff_silu(Int64(count), Int32(2 * Self.width), hidden.start, nil, hidden.start)
                secondLayer(layer, hidden, into: rows.row(first), count: count)
                wyckoff_gate(Int32(count), rows.row(first), layer.norm, message.start)
                Self.withWeights(graph.edgeWeights, first) { scale in
                    wyckoff_scatter_weighted(
                        Int32(count), message.start, wa.start, k, nil, nil, scale, sum.start, i)
                }
            }
        }
        v.linear(sum, output, adding: true)
        atomProjections.append(parts)
        atomRows.append(rows)
    }

    func angleParts(_ layer: Gated) -> [FeatureTable] {
        [
            projection(b, layer.parts[0], rows: graph.shortCount),
            projection(b, layer.parts[1], rows: graph.shortCount),
            projection(v, layer.parts[3], bias: layer.bias),
        ]
    }

    /// b_k1 += W Σ_a gated([b_k1, b_k2, a, v_c]) · wb_k1 · wb_k2.
    func bondConvolution(_ layer: Gated, _ output: [Double]) {
        let parts = angleParts(layer)
        let before = FeatureTable(rows: graph.angleCount, columns: 2 * Self.width)
        let rows = FeatureTable(rows: graph.angleCount, columns: 2 * Self.width)
        let sum = FeatureTable(rows: graph.shortCount)
        Self.forBlocks(graph.angleCount) { first, count in
            angleInput(layer, parts, first: first, count: count, into: before.row(first))
            wyckoff_silu(Int64(count), Int32(2 * Self.width), before.row(first), nil, hidden.start)
            secondLayer(layer, hidden, into: rows.row(first), count: count)
            wyckoff_gate(Int32(count), rows.row(first), layer.norm, message.start)
            Self.withIndices(graph.angleBond1, graph.angleBond2, graph.angleCentre, first) { k1, k2, _ in
                Self.withWeights(graph.angleWeights, first) { scale in
                    wyckoff_scatter_weighted(
                        Int32(count), message.start, wb.start, k1, wb.start, k2, scale, sum.start, k1)
                }
            }
        }
        b.linear(sum, output, adding: true, count: graph.shortCount)
        bondHidden.append(before)
        bondRows.append(rows)
    }

    /// a += gated([b_k1, b_k2, a, v_c]).
    func angleUpdate(_ layer: Gated) {
        let parts = angleParts(layer)
        let rows = FeatureTable(rows: graph.angleCount, columns: 2 * Self.width)
        Self.forBlocks(graph.angleCount) { first, count in
            angleInput(layer, parts, first: first, count: count, into: rows.row(first))
            wyckoff_gate(Int32(count), rows.row(first), layer.norm, message.start)
            let target = a.row(first)
            for k in 0..<(count * Self.width) { target[k] += message.start[k] }
        }
        angleRows.append(rows)
    }

    func magneticMoments() -> [Double] {
        (0..<v.rows).map { i in
            var sum = weights.magneticBias
            for c in 0..<Self.width { sum += weights.magneticWeight[c] * v.row(i)[c] }
            return abs(sum)
        }
    }

    func readout() -> [Double] {
        var x = FeatureTable(rows: v.rows)
        wyckoff_layer_norm(
            Int32(v.rows), v.start, weights.readoutNorm.weight, weights.readoutNorm.bias, x.start)
        for layer in 0..<3 {
            let z = FeatureTable(rows: v.rows)
            z.linear(x, weights.readoutWeights[layer])
            z.add(weights.readoutBiases[layer])
            readoutRows.append(z)
            x = FeatureTable(rows: v.rows)
            wyckoff_silu(Int64(v.rows), Int32(Self.width), z.start, nil, x.start)
        }
        return (0..<v.rows).map { i in
            var sum = weights.readoutLastBias
            for c in 0..<Self.width { sum += weights.readoutLast[c] * x.row(i)[c] }
            return sum
        }
    }
}
