import LearnedModels

/// The weights of CHGNet, arranged for factored first layers: the columns of a layer's first matrix that
/// belong to one source (atom, bond, angle) stand together, core above gate.
package struct CHGNetWeights: Sendable {
    package static let width = 64
    package static let radialCount = 31
    package static let angularCount = 31
    /// Columns of the tables of bases; the last stays zero.
    static let basisColumns = 32
    package static let cutoff = 6.0
    package static let angularCutoff = 3.0

    /// SiLU(LN(core(x))) · σ(LN(gate(x))), core and gate of one or two linear layers.
    struct Gated: Sendable {
        /// One for each source, 64 to 128: core 0–63, gate 64–127.
        var parts: [LinearLayer]
        /// 128.
        var bias: [Double]
        /// Core and gate, 64 to 64 each, and their 128 biases; empty where there is one layer only.
        var second: [LinearLayer]
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
                let part = (0..<(2 * width)).flatMap { row in
                    let begin = (row * sources + source) * width
                    return stacked[begin..<(begin + width)]
                }
                return LinearLayer(part, inputs: width, outputs: 2 * width)
            }
            self.bias = bias
            if hasSecond {
                second = try ["mlp_core", "mlp_gate"].map { branch throws(CheckpointError) in
                    try file.layer("\(name).\(branch).layers.3.weight", inputs: width, outputs: width)
                }
                secondBias =
                    try file.values("\(name).mlp_core.layers.3.bias", shape: width)
                    + file.values("\(name).mlp_gate.layers.3.bias", shape: width)
            } else {
                (second, secondBias) = ([], [])
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
    package let atomEmbedding: [Double]
    package let radialFrequencies: [Double]
    package let shortRadialFrequencies: [Double]
    let angularFrequencies: [Double]
    let bondEmbedding: LinearLayer
    let bondWeights: LinearLayer
    let shortBondWeights: LinearLayer
    let angleEmbedding: LinearLayer
    let atomLayers: [Gated]
    let atomOutputs: [LinearLayer]
    let bondLayers: [Gated]
    let bondOutputs: [LinearLayer]
    let angleLayers: [Gated]
    /// Layers of bonds beyond the angular cut-off, whose features never change, straight from the radial basis.
    let longBondLayers: [LinearLayer]
    /// The first layers' parts for angles, straight from the angular basis.
    let firstBondLayer: LinearLayer
    let firstAngleLayer: LinearLayer
    let magneticWeight: [Double]
    let magneticBias: Double
    let readoutNorm: (weight: [Double], bias: [Double])
    /// Three hidden layers, 64 × 64.
    let readoutWeights: [LinearLayer]
    let readoutBiases: [[Double]]
    let readoutLast: [Double]
    let readoutLastBias: Double

    package init(_ file: Checkpoint) throws(CheckpointError) {
        let width = Self.width
        atomReference = try file.values("composition_model.fc.weight", shape: 1, 94)
        atomEmbedding = try file.values("atom_embedding.embedding.weight", shape: 94, width)
        let basis = "bond_basis_expansion.rbf_expansion_"
        radialFrequencies = try file.values(basis + "ag.frequencies", shape: Self.radialCount)
        shortRadialFrequencies = try file.values(basis + "bg.frequencies", shape: Self.radialCount)
        angularFrequencies = try file.values(
            "angle_basis_expansion.fourier_expansion.frequencies", shape: Self.angularCount / 2)
        bondEmbedding = try file.layer(
            "bond_embedding.weight", inputs: Self.radialCount, outputs: width, padding: 1)
        bondWeights = try file.layer(
            "bond_weights_ag.weight", inputs: Self.radialCount, outputs: width, padding: 1)
        shortBondWeights = try file.layer(
            "bond_weights_bg.weight", inputs: Self.radialCount, outputs: width, padding: 1)
        angleEmbedding = try file.layer(
            "angle_embedding.weight", inputs: Self.angularCount, outputs: width, padding: 1)
        var (layers, outputs): ([Gated], [LinearLayer]) = ([], [])
        for t in 0..<4 {
            let name = "atom_conv_layers.\(t)"
            layers.append(try Gated(file, name + ".twoBody_atom", sources: 3, layer: 0, hasSecond: true))
            outputs.append(
                try file.layer(name + ".mlp_out.layers.1.weight", inputs: width, outputs: width))
        }
        (atomLayers, atomOutputs) = (layers, outputs)
        (layers, outputs) = ([], [])
        for t in 0..<3 {
            let name = "bond_conv_layers.\(t)"
            layers.append(try Gated(file, name + ".twoBody_bond", sources: 4, layer: 0, hasSecond: true))
            outputs.append(
                try file.layer(name + ".mlp_out.layers.1.weight", inputs: width, outputs: width))
        }
        (bondLayers, bondOutputs) = (layers, outputs)
        layers = []
        // The last angle update never reaches the energy.
        for t in 0..<2 {
            layers.append(
                try Gated(file, "angle_layers.\(t).twoBody_bond", sources: 4, layer: 1, hasSecond: false))
        }
        angleLayers = layers
        let (bond, angle) = (bondEmbedding, angleEmbedding)
        longBondLayers = atomLayers.map { $0.parts[1].after(bond) }
        firstBondLayer = bondLayers[0].parts[2].after(angle)
        firstAngleLayer = angleLayers[0].parts[2].after(angle)
        magneticWeight = try file.values("site_wise.weight", shape: 1, width)
        magneticBias = try file.values("site_wise.bias", shape: 1)[0]
        readoutNorm = (
            try file.values("readout_norm.weight", shape: width),
            try file.values("readout_norm.bias", shape: width)
        )
        var (weights, biases): ([LinearLayer], [[Double]]) = ([], [])
        for layer in [0, 2, 4] {
            weights.append(try file.layer("mlp.layers.\(layer).weight", inputs: width, outputs: width))
            biases.append(try file.values("mlp.layers.\(layer).bias", shape: width))
        }
        (readoutWeights, readoutBiases) = (weights, biases)
        readoutLast = try file.values("mlp.layers.7.weight", shape: 1, width)
        readoutLastBias = try file.values("mlp.layers.7.bias", shape: 1)[0]
    }
}

extension Checkpoint {
    /// A matrix without bias; `padding` as of `LinearLayer`.
    fileprivate func layer(_ name: String, inputs: Int, outputs: Int, padding: Int = 0)
        throws(CheckpointError) -> LinearLayer
    {
        LinearLayer(
            try values(name, shape: outputs, inputs), inputs: inputs, outputs: outputs, padding: padding)
    }
}
