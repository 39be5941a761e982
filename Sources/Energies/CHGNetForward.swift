import CGatedLayers
import NumericalMethods

extension CHGNetPass {
    /// v_i += W Σ_e gated([v_i, b_k, v_j]) · wa_k over the edges out of i.
    func atomConvolution(_ t: Int) {
        let layer = weights.atomLayers[t]
        let parts = [
            projection(v, layer.parts[0], bias: layer.bias), bondProjection(t), projection(v, layer.parts[2]),
        ]
        let rows = normalizedRows(graph.edgeCount)
        let sum = table(v.rows, isZero: true)
        forBlocks(partition.edges) { scratch, first, count in
            Self.withIndices(graph.edgeCentre, graph.edgeBond, graph.edgeNeighbour, first) { i, k, j in
                wyckoff_gather_silu3(
                    Int32(count), parts[0].start, i, parts[1].start, k, parts[2].start, j,
                    scratch.hidden.start)
                secondLayer(layer, scratch.hidden, into: scratch.before, count: count)
                gate(scratch, bias: layer.secondBias, layer, keeping: rows, first: first, count: count)
                Self.withWeights(graph.edgeWeights, first) { scale in
                    wyckoff_scatter_weighted(
                        Int32(count), scratch.message.start, wa.start, k, nil, nil, scale, sum.start, i)
                }
            }
        }
        v.linear(sum, weights.atomOutputs[t], adding: true, partition.split)
        atomProjections.append(parts)
        atomRows.append(rows)
    }

    /// The bonds' part of an atom convolution: long bonds keep the features that they began with.
    private func bondProjection(_ t: Int) -> FeatureTable {
        let result = table(graph.bondCount, columns: 2 * Self.width)
        result.linear(b, weights.atomLayers[t].parts[1], rows: 0..<graph.shortCount, partition.split)
        result.linear(
            geometry.radial, weights.longBondLayers[t], rows: graph.shortCount..<graph.bondCount,
            partition.split)
        return result
    }

    func angleParts(_ layer: Gated) -> [FeatureTable] {
        [
            projection(b, layer.parts[0]), projection(b, layer.parts[1]),
            projection(v, layer.parts[3], bias: layer.bias),
        ]
    }

    /// b_k1 += W Σ_a gated([b_k1, b_k2, a, v_c]) · wb_k1 · wb_k2.
    func bondConvolution(_ t: Int) {
        let layer = weights.bondLayers[t]
        let parts = angleParts(layer)
        let slopes = table(graph.angleCount, columns: 2 * Self.width)
        let rows = normalizedRows(graph.angleCount)
        let sum = table(partition.angleBond.count, isZero: true)
        forBlocks(partition.angles) { scratch, first, count in
            let own = t == 0 ? weights.firstBondLayer : layer.parts[2]
            angleInput(t, own, parts, first: first, count: count, into: scratch.before)
            wyckoff_keep_silu(
                Int64(count * 2 * Self.width), scratch.before.start, slopes.row(first), isStreamed,
                scratch.hidden.start)
            secondLayer(layer, scratch.hidden, into: scratch.before, count: count)
            gate(scratch, bias: layer.secondBias, layer, keeping: rows, first: first, count: count)
            let rows = partition.angleBond.rows
            Self.withIndices(graph.angleBond1, graph.angleBond2, rows[0], first) { k1, k2, target in
                Self.withWeights(graph.angleWeights, first) { scale in
                    wyckoff_scatter_weighted(
                        Int32(count), scratch.message.start, wb.start, k1, wb.start, k2, scale, sum.start,
                        target)
                }
            }
        }
        b.linear(
            total(sum, partition.angleBond), weights.bondOutputs[t], adding: true, partition.split)
        bondSlopes.append(slopes)
        bondRows.append(rows)
    }

    /// a += gated([b_k1, b_k2, a, v_c]).
    func angleUpdate(_ t: Int) {
        let layer = weights.angleLayers[t]
        let parts = angleParts(layer)
        let rows = normalizedRows(graph.angleCount)
        forBlocks(partition.angles) { scratch, first, count in
            let own = t == 0 ? weights.firstAngleLayer : layer.parts[2]
            angleInput(t, own, parts, first: first, count: count, into: scratch.before)
            gate(scratch, bias: Self.noBias, layer, keeping: rows, first: first, count: count)
            let target = a.row(first)
            for k in 0..<(count * Self.width) { target[k] += scratch.message.start[k] }
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
        var x = table(v.rows)
        wyckoff_layer_norm(
            Int32(v.rows), v.start, weights.readoutNorm.weight, weights.readoutNorm.bias, x.start)
        for layer in 0..<3 {
            let z = table(v.rows)
            z.linear(x, weights.readoutWeights[layer], partition.split)
            z.fill(weights.readoutBiases[layer], adding: true)
            readoutRows.append(z)
            x = table(v.rows)
            wyckoff_silu(Int64(v.rows * Self.width), z.start, x.start)
        }
        return (0..<v.rows).map { i in
            var sum = weights.readoutLastBias
            for c in 0..<Self.width { sum += weights.readoutLast[c] * x.row(i)[c] }
            return sum
        }
    }
}
