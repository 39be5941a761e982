import Crystallography
import Foundation
import LearnedModels
import NumericalMethods
import ReferenceData

/// The weights of a crystal graph convolutional network, arranged for use: batch norms are folded into the linear
/// maps before and after them, and the first map of a layer is split by source (own atom, neighbour, bond).
///
/// Sizes are those of the checkpoint, up to 256 features a node and 41 Gaussians: networks are filled up to multiples of 64
/// features and to all Gaussians with weights that are zero, which changes no prediction.
struct CGCNNWeights: Sendable {
    /// What the kernels take at a time: features a node are a multiple of it.
    static let block = 64
    static let mostFeatures = 256
    static let mostHidden = 1024
    static let mostLayers = 16
    static let gaussians = 41
    /// Å, between the centres of the Gaussians, and their width.
    static let spacing = 0.2
    static let features = 92

    struct Layer: Sendable {
        /// 4 width × width: own filter and core, then the neighbour's.
        var atoms: [Double]
        /// 4 width; zero for the neighbour's half.
        var bias: [Double]
        /// 41 × 2 width.
        var bond: [Double]
        /// `width` each: y = scale ∘ sum + shift.
        var scale: [Double]
        var shift: [Double]
    }

    /// A layer of hidden units behind another.
    struct HiddenLayer: Sendable {
        /// hidden × hidden.
        var weights: [Double]
        var bias: [Double]
    }

    /// Features a node, a multiple of `block`.
    var width: Int
    /// 100 × width: the embedded features of the elements, bias included (shares sum to 1).
    var elements: [Double]
    var layers: [Layer]
    var hidden: Int
    /// hidden × width, and hidden.
    var pooled: [Double]
    var pooledBias: [Double]
    /// What stands behind the first layer of hidden units.
    var hiddenLayers: [HiddenLayer]
    /// Of the output, or of the difference of the two outputs of a classifier.
    var output: [Double]
    var outputBias: Double
    var isClassifier: Bool
    var mean: Double
    var deviation: Double

    init(_ file: Checkpoint) throws {
        func fail(_ reason: String) -> PropertyModelError { .architecture(file: file.file, reason: reason) }
        let shapes = Dictionary(file.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        guard let embedding = shapes["embedding.weight"], embedding.count == 2, embedding[1] == Self.features,
            (1...Self.mostFeatures).contains(embedding[0])
        else { throw fail("embedding.weight is missing or not 1 to \(Self.mostFeatures) × 92") }
        let own = embedding[0]
        let width = (own + Self.block - 1) / Self.block * Self.block
        self.width = width
        guard let pooledShape = shapes["conv_to_fc.weight"], pooledShape.count == 2,
            let outputShape = shapes["fc_out.weight"], outputShape.count == 2,
            (1...Self.mostHidden).contains(pooledShape[0])
        else { throw fail("conv_to_fc or fc_out is missing") }
        let count = shapes.keys.filter { $0.hasPrefix("convs.") && $0.hasSuffix(".fc_full.weight") }.count
        guard (1...Self.mostLayers).contains(count) else { throw fail("\(count) convolutions") }
        let more = shapes.keys.filter { $0.hasPrefix("fcs.") && $0.hasSuffix(".weight") }.count
        guard more < Self.mostLayers else { throw fail("\(more + 1) hidden layers after pooling") }
        for (setting, value) in [("radius", 8), ("dmin", 0), ("step", Self.spacing), ("max_num_nbr", 12)] {
            guard let text = file.settings[setting], let number = Double(text), number != value else {
                continue
            }
            throw fail("\(setting) is \(text), not \(value.formatted())")
        }
        let ownHidden = pooledShape[0]
        // The kernels take units by four.
        let allHidden = (ownHidden + 3) / 4 * 4
        hidden = allHidden
        let embeddingWeight = try file.values("embedding.weight", shape: own, Self.features)
        let embeddingBias = try file.values("embedding.bias", shape: own)
        elements = []
        for features in ElementFeatures.rows {
            for c in 0..<width {
                guard c < own else {
                    elements.append(0)
                    continue
                }
                var sum = embeddingBias[c]
                for k in features { sum += embeddingWeight[c * Self.features + k] }
                elements.append(sum)
            }
        }
        layers = []
        for t in 0..<count { layers.append(try Layer(file, "convs.\(t)", features: own, width: width)) }
        pooled = Self.padded(
            try file.values("conv_to_fc.weight", shape: ownHidden, own), rows: ownHidden, columns: own,
            to: allHidden, width)
        func filled(_ values: [Double]) -> [Double] {
            values + [Double](repeating: 0, count: allHidden - values.count)
        }
        pooledBias = filled(try file.values("conv_to_fc.bias", shape: ownHidden))
        hiddenLayers = []
        for t in 0..<more {
            hiddenLayers.append(
                HiddenLayer(
                    weights: Self.padded(
                        try file.values("fcs.\(t).weight", shape: ownHidden, ownHidden), rows: ownHidden,
                        columns: ownHidden, to: allHidden, allHidden),
                    bias: filled(try file.values("fcs.\(t).bias", shape: ownHidden))))
        }
        isClassifier = outputShape[0] == 2
        let weight = try file.values("fc_out.weight", shape: isClassifier ? 2 : 1, ownHidden)
        let bias = try file.values("fc_out.bias", shape: isClassifier ? 2 : 1)
        if isClassifier {
            output = filled((0..<ownHidden).map { weight[ownHidden + $0] - weight[$0] })
            outputBias = bias[1] - bias[0]
        } else {
            output = filled(weight)
            outputBias = bias[0]
        }
        mean = file.settings["normalizer.mean"].flatMap(Double.init) ?? 0
        deviation = file.settings["normalizer.std"].flatMap(Double.init) ?? 1
    }
}

extension CGCNNWeights {
    /// A matrix with zeros to the right and below.
    static func padded(
        _ values: [Double], rows: Int, columns: Int, to allRows: Int, _ allColumns: Int
    ) -> [Double] {
        guard (rows, columns) != (allRows, allColumns) else { return values }
        var result = [Double](repeating: 0, count: allRows * allColumns)
        for row in 0..<rows {
            for column in 0..<columns { result[row * allColumns + column] = values[row * columns + column] }
        }
        return result
    }
}

extension CGCNNWeights.Layer {
    /// - Parameters:
    ///   - own: features a node of the checkpoint.
    ///   - width: the same, filled up.
    fileprivate init(_ file: Checkpoint, _ name: String, features own: Int, width: Int) throws {
        let gaussians = CGCNNWeights.gaussians
        let columns = file.tensors.first { $0.name == name + ".fc_full.weight" }?.shape.last ?? 0
        let ownGaussians = columns - 2 * own
        guard (1...gaussians).contains(ownGaussians) else {
            throw PropertyModelError.architecture(
                file: file.file, reason: "\(name).fc_full.weight has \(columns) columns")
        }
        let full = try file.values(name + ".fc_full.weight", shape: 2 * own, columns)
        let fullBias = try file.values(name + ".fc_full.bias", shape: 2 * own)
        let first = try Self.norm(file, name + ".bn1", 2 * own)
        let second = try Self.norm(file, name + ".bn2", own)
        let rest = [Double](repeating: 0, count: width - own)
        (scale, shift) = (second.scale + rest, second.shift + rest)
        atoms = [Double](repeating: 0, count: 4 * width * width)
        bias = [Double](repeating: 0, count: 4 * width)
        bond = [Double](repeating: 0, count: gaussians * 2 * width)
        for ownRow in 0..<(2 * own) {
            // Filters first, then cores.
            let row = ownRow < own ? ownRow : width + ownRow - own
            let factor = first.scale[ownRow]
            bias[row] = fullBias[ownRow] * factor + first.shift[ownRow]
            for c in 0..<own {
                atoms[row * width + c] = factor * full[ownRow * columns + c]
                atoms[(2 * width + row) * width + c] = factor * full[ownRow * columns + own + c]
            }
            for g in 0..<ownGaussians {
                bond[g * 2 * width + row] = factor * full[ownRow * columns + 2 * own + g]
            }
        }
    }

    /// A batch norm with its running moments as y = scale ∘ x + shift.
    private static func norm(
        _ file: Checkpoint, _ name: String, _ width: Int
    ) throws -> (scale: [Double], shift: [Double]) {
        let weight = try file.values(name + ".weight", shape: width)
        let bias = try file.values(name + ".bias", shape: width)
        let mean = try file.values(name + ".running_mean", shape: width)
        let variance = try file.values(name + ".running_var", shape: width)
        let scale = (0..<width).map { weight[$0] / (variance[$0] + 1e-5).squareRoot() }
        return (scale, (0..<width).map { bias[$0] - mean[$0] * scale[$0] })
    }
}

/// Data/tables/cgcnn-elements.tsv: which of the 92 features an element has.
enum ElementFeatures {
    static let rows: [[Int]] = String(cString: wyckoff_table_cgcnn_elements())
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
        .map { line in
            let bits = line.split(separator: "\t").last ?? ""
            return bits.enumerated().filter { $0.element == "1" }.map(\.offset)
        }
}
