import CGatedLayers
import Foundation

/// A network's weights in single precision, laid out for `wyckoff_crystal_network_evaluate`, and the buffers of its
/// evaluations, which are used again.
final class CrystalNetworkTables: @unchecked Sendable {
    // Written once, in init; read by any task. Only `idle` changes, under its lock.
    private let numbers: UnsafeMutableBufferPointer<Float>
    private let layers: UnsafeMutableBufferPointer<wyckoff_crystal_layer>
    private let network: UnsafeMutablePointer<wyckoff_crystal_network>
    /// Buffers that no evaluation uses at the moment.
    private var idle: [EvaluationBuffers] = []
    private let lock = NSLock()
    /// Features a node.
    private let width: Int

    private static let elementColumns = 112

    init(_ weights: CGCNNWeights) {
        let width = weights.width
        self.width = width
        var table: [Float] = []
        var places: [Int] = []
        func add(_ values: [Double]) {
            places.append(table.count)
            table += values.map(Float.init)
        }
        func transposed(_ x: [Double], rows: Int, columns: Int) -> [Double] {
            (0..<(rows * columns)).map { x[($0 % rows) * columns + $0 / rows] }
        }
        for layer in weights.layers {
            add(transposed(layer.atoms, rows: 4 * width, columns: width))
            add(layer.atoms)
            add(layer.bias)
            add(layer.bond)
            add(layer.scale)
            add(layer.shift)
        }
        var elements = [Double](repeating: 0, count: width * Self.elementColumns)
        for z in 0..<MixedCrystal.elementCount {
            for c in 0..<width { elements[c * Self.elementColumns + z] = weights.elements[z * width + c] }
        }
        add(elements)
        add(weights.pooled + weights.hiddenLayers.flatMap(\.weights))
        add(weights.pooledBias + weights.hiddenLayers.flatMap(\.bias))
        add(weights.output)
        numbers = .allocate(capacity: table.count)
        _ = numbers.initialize(from: table)
        let base = UnsafePointer(numbers.baseAddress.unsafelyUnwrapped)
        func place(_ k: Int) -> UnsafePointer<Float> { base + places[k] }
        layers = .allocate(capacity: weights.layers.count)
        for t in weights.layers.indices {
            layers.initializeElement(
                at: t,
                to: wyckoff_crystal_layer(
                    atoms: place(6 * t), atoms_reverse: place(6 * t + 1), bias: place(6 * t + 2),
                    bond: place(6 * t + 3), scale: place(6 * t + 4), shift: place(6 * t + 5)))
        }
        let rest = 6 * weights.layers.count
        network = .allocate(capacity: 1)
        network.initialize(
            to: wyckoff_crystal_network(
                width: Int32(width), layers: Int32(weights.layers.count), hidden: Int32(weights.hidden),
                hidden_layers: Int32(1 + weights.hiddenLayers.count),
                classifier: weights.isClassifier ? 1 : 0, layer: UnsafePointer(layers.baseAddress),
                elements: place(rest), pooled: place(rest + 1), pooled_bias: place(rest + 2),
                output: place(rest + 3), output_bias: Float(weights.outputBias), mean: Float(weights.mean),
                deviation: Float(weights.deviation)))
    }

    deinit {
        numbers.deallocate()
        layers.deallocate()
        network.deallocate()
    }

    /// Value and, where asked for, derivatives by shares of elements and by distances.
    func evaluate(
        _ crystal: MixedCrystal, distances: [Double], elements: [Double], gradient: Bool
    ) -> (value: Double, mixtures: [Double], distances: [Double]) {
        let geometry = crystal.geometry
        let entries = crystal.neighbours.entries
        let nodes = geometry.representatives.count
        var buffers = lock.withLock { idle.popLast() } ?? EvaluationBuffers()
        buffers.prepare(
            nodes: nodes, edges: entries.count, width: width,
            space: Int(wyckoff_crystal_network_space(network, Int32(nodes), Int32(entries.count))))
        for (e, entry) in entries.enumerated() {
            buffers.target[e] = entry.target
            // CGCNN pads with atom 0.
            buffers.source[e] = Int32(geometry.orbits[max(0, Int(entry.atom))])
            buffers.weight[e] = Float(entry.weight)
            buffers.distances[e] = distances[e] / CGCNNWeights.spacing
        }
        let total = geometry.multiplicities.reduce(0, +)
        for (i, multiplicity) in geometry.multiplicities.enumerated() {
            buffers.shares[i] = Float(multiplicity / total)
        }
        Self.embed(crystal, elements, into: &buffers.features, width: width, nodes: nodes)
        var dmixtures = [Double](
            repeating: 0, count: gradient ? nodes * MixedCrystal.elementCount : 0)
        var ddistances = [Double](repeating: 0, count: gradient ? entries.count : 0)
        let value = dmixtures.withUnsafeMutableBufferPointer { dmixtures in
            ddistances.withUnsafeMutableBufferPointer { ddistances in
                wyckoff_crystal_network_evaluate(
                    network, Int32(nodes), Int32(entries.count), buffers.target, buffers.source,
                    buffers.weight, buffers.distances, buffers.shares, buffers.features, &buffers.space,
                    gradient ? dmixtures.baseAddress : nil, gradient ? ddistances.baseAddress : nil)
            }
        }
        for e in ddistances.indices { ddistances[e] /= CGCNNWeights.spacing }
        lock.withLock { idle.append(buffers) }
        return (value, dmixtures, ddistances)
    }

    /// The mean features of each orbit's mixture.
    private static func embed(
        _ crystal: MixedCrystal, _ elements: [Double], into features: inout [Float], width: Int, nodes: Int
    ) {
        let count = MixedCrystal.elementCount
        crystal.mixtures.withUnsafeBufferPointer { mixtures in
            elements.withUnsafeBufferPointer { elements in
                features.withUnsafeMutableBufferPointer { features in
                    for orbit in 0..<nodes {
                        for c in 0..<width { features[orbit * width + c] = 0 }
                        for z in 0..<count where mixtures[orbit * count + z] != 0 {
                            let share = mixtures[orbit * count + z]
                            for c in 0..<width {
                                features[orbit * width + c] += Float(share * elements[z * width + c])
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What one evaluation writes into.
private struct EvaluationBuffers: Sendable {
    var target: [Int32] = []
    var source: [Int32] = []
    var weight: [Float] = []
    var distances: [Double] = []
    var shares: [Float] = []
    var features: [Float] = []
    var space: [Float] = []

    mutating func prepare(nodes: Int, edges: Int, width: Int, space count: Int) {
        if target.count < edges {
            target = [Int32](repeating: 0, count: edges)
            source = target
            weight = [Float](repeating: 0, count: edges)
            distances = [Double](repeating: 0, count: edges)
        }
        if shares.count < nodes {
            shares = [Float](repeating: 0, count: nodes)
            features = [Float](repeating: 0, count: nodes * width)
        }
        if space.count < count { space = [Float](repeating: 0, count: count) }
    }
}
