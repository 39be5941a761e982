import LearnedModels

/// The weights of CHGNet, arranged for factored first layers: the columns of a layer's first matrix that
/// belong to one source (atom, bond, angle) stand together, core above gate.
struct CHGNetWeights: Sendable {
    static let width = 64
    static let radialCount = 31
    static let angularCount = 31
    static let cutoff = 6.0
    static let angularCutoff = 3.0

    /// SiLU(LN(core(x))) · σ(LN(gate(x))), core and gate of one or two linear layers.
    struct Gated: Sendable {
        /// One for each source, 128 × 64: rows 0–63 core, 64–127 gate.
        var parts: [[Double]]
        /// 128.
        var bias: [Double]
        /// 64 × 64 each, and their 128 biases; empty where there is one layer only.
        var secondCore: [Double]
        var secondGate: [Double]
        var secondBias: [Double]
        /// Weight and bias of the core's norm, weight and bias of the gate's.
        var norm: [Double]

        init(_ file: Checkpoint, _ name: String, sources: Int, layer: Int, hasSecond: Bool)
            throws(CheckpointError)
        {
            let width = CHGNetWeights.width
            var (stacked, bias) = ([Double](), [Double]())
            for branch in ["mlp_core", "mlp_gate"] {
                let prefix = "\(name).\(branch).layers.\(layer)"
                stacked += try file.values("\(prefix).weight", shape: width, sources * width)
                bias += try file.values("\(prefix).bias", shape: width)
            }
            parts = (0..<sources).map { source in
                (0..<(2 * width)).flatMap { row in
                    let begin = (row * sources + source) * width
                    return stacked[begin..<(begin + width)]
                }
            }
            self.bias = bias
            if hasSecond {
                secondCore = try file.values("\(name).mlp_core.layers.3.weight", shape: width, width)
                secondGate = try file.values("\(name).mlp_gate.layers.3.weight", shape: width, width)
                secondBias =
                    try file.values("\(name).mlp_core.layers.3.bias", shape: width)
                    + file.values("\(name).mlp_gate.layers.3.bias", shape: width)
            } else {
                (secondCore, secondGate, secondBias) = ([], [], [])
            }
            norm =
                try file.values("\(name).bn1.weight", shape: width)
                + file.values("\(name).bn1.bias", shape: width)
                + file.values("\(name).bn2.weight", shape: width)
                + file.values("\(name).bn2.bias", shape: width)
        }
    }

    /// eV, by atomic number − 1; zero where the model knows no such element.
    let atomReference: [Double]
    /// 94 × 64.
    let atomEmbedding: [Double]
    let radialFrequencies: [Double]
    let shortRadialFrequencies: [Double]
    let angularFrequencies: [Double]
    let bondEmbedding: [Double]
    let bondWeights: [Double]
    let shortBondWeights: [Double]
    let angleEmbedding: [Double]
    let atomLayers: [Gated]
    let atomOutputs: [[Double]]
    let bondLayers: [Gated]
    let bondOutputs: [[Double]]
    let angleLayers: [Gated]
    let magneticWeight: [Double]
    let magneticBias: Double
    let readoutNorm: (weight: [Double], bias: [Double])
    /// Three hidden layers, 64 × 64.
    let readoutWeights: [[Double]]
    let readoutBiases: [[Double]]
    let readoutLast: [Double]
    let readoutLastBias: Double

    init(_ file: Checkpoint) throws(CheckpointError) {
        let width = Self.width
        atomReference = try file.values("composition_model.fc.weight", shape: 1, 94)
        atomEmbedding = try file.values("atom_embedding.embedding.weight", shape: 94, width)
        let basis = "bond_basis_expansion.rbf_expansion_"
        radialFrequencies = try file.values(basis + "ag.frequencies", shape: Self.radialCount)
        shortRadialFrequencies = try file.values(basis + "bg.frequencies", shape: Self.radialCount)
        angularFrequencies = try file.values(
            "angle_basis_expansion.fourier_expansion.frequencies", shape: Self.angularCount / 2)
        bondEmbedding = try file.values("bond_embedding.weight", shape: width, Self.radialCount)
        bondWeights = try file.values("bond_weights_ag.weight", shape: width, Self.radialCount)
        shortBondWeights = try file.values("bond_weights_bg.weight", shape: width, Self.radialCount)
        angleEmbedding = try file.values("angle_embedding.weight", shape: width, Self.angularCount)
        var (layers, outputs): ([Gated], [[Double]]) = ([], [])
        for t in 0..<4 {
            let name = "atom_conv_layers.\(t)"
            layers.append(try Gated(file, name + ".twoBody_atom", sources: 3, layer: 0, hasSecond: true))
            outputs.append(try file.values(name + ".mlp_out.layers.1.weight", shape: width, width))
        }
        (atomLayers, atomOutputs) = (layers, outputs)
        (layers, outputs) = ([], [])
        for t in 0..<3 {
            let name = "bond_conv_layers.\(t)"
            layers.append(try Gated(file, name + ".twoBody_bond", sources: 4, layer: 0, hasSecond: true))
            outputs.append(try file.values(name + ".mlp_out.layers.1.weight", shape: width, width))
        }
        (bondLayers, bondOutputs) = (layers, outputs)
        layers = []
        // The last angle update never reaches the energy.
        for t in 0..<2 {
            layers.append(
                try Gated(file, "angle_layers.\(t).twoBody_bond", sources: 4, layer: 1, hasSecond: false))
        }
        angleLayers = layers
        magneticWeight = try file.values("site_wise.weight", shape: 1, width)
        magneticBias = try file.values("site_wise.bias", shape: 1)[0]
        readoutNorm = (
            try file.values("readout_norm.weight", shape: width),
            try file.values("readout_norm.bias", shape: width)
        )
        var (weights, biases): ([[Double]], [[Double]]) = ([], [])
        for layer in [0, 2, 4] {
            weights.append(try file.values("mlp.layers.\(layer).weight", shape: width, width))
            biases.append(try file.values("mlp.layers.\(layer).bias", shape: width))
        }
        (readoutWeights, readoutBiases) = (weights, biases)
        readoutLast = try file.values("mlp.layers.7.weight", shape: 1, width)
        readoutLastBias = try file.values("mlp.layers.7.bias", shape: 1)[0]
    }
}
