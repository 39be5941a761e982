import Crystallography
import Foundation
import LearnedModels
import NumericalMethods
import ReferenceData

/// The weights of a crystal graph convolutional network, arranged for use: batch norms are folded into the linear
/// maps before and after them, and the first map of a layer is split by source (own atom, neighbour, bond).
struct CGCNNWeights: Sendable {
    static let width = 64
    static let gaussians = 41
    /// Å, between the centres of the Gaussians, and their width.
    static let spacing = 0.2
    static let features = 92

    struct Layer: Sendable {
        /// 256 × 64: own filter and core, then the neighbour's.
        var atoms: [Double]
        /// 256; zero for the neighbour's half.
        var bias: [Double]
        /// 41 × 128.
        var bond: [Double]
        /// 64 each: y = scale ∘ sum + shift.
        var scale: [Double]
        var shift: [Double]
    }

    /// 100 × 64: the embedded features of the elements, bias included (shares sum to 1).
    var elements: [Double]
    var layers: [Layer]
    var hidden: Int
    /// hidden × 64, and hidden.
    var pooled: [Double]
    var pooledBias: [Double]
    /// Of the output, or of the difference of the two outputs of a classifier.
    var output: [Double]
    var outputBias: Double
    var isClassifier: Bool
    var mean: Double
    var deviation: Double

    init(_ file: Checkpoint) throws {
        let width = Self.width
        func fail(_ reason: String) -> PropertyModelError { .architecture(file: file.file, reason: reason) }
        let shapes = Dictionary(file.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        guard let embedding = shapes["embedding.weight"], embedding == [width, Self.features] else {
            throw fail("embedding.weight is missing or not 64 × 92")
        }
        guard shapes["fcs.0.weight"] == nil else { throw fail("more than one hidden layer after pooling") }
        guard let pooledShape = shapes["conv_to_fc.weight"], pooledShape.count == 2,
            let outputShape = shapes["fc_out.weight"], outputShape.count == 2,
            pooledShape[0].isMultiple(of: 4)
        else { throw fail("conv_to_fc or fc_out is missing") }
        let count = shapes.keys.filter { $0.hasPrefix("convs.") && $0.hasSuffix(".fc_full.weight") }.count
        guard (1...16).contains(count) else { throw fail("\(count) convolutions") }
        let hidden = pooledShape[0]
        self.hidden = hidden
        let embeddingWeight = try file.values("embedding.weight", shape: width, Self.features)
        let embeddingBias = try file.values("embedding.bias", shape: width)
        elements = []
        for features in ElementFeatures.rows {
            for c in 0..<width {
                var sum = embeddingBias[c]
                for k in features { sum += embeddingWeight[c * Self.features + k] }
                elements.append(sum)
            }
        }
        layers = []
        for t in 0..<count { layers.append(try Layer(file, "convs.\(t)")) }
        pooled = try file.values("conv_to_fc.weight", shape: hidden, width)
        pooledBias = try file.values("conv_to_fc.bias", shape: hidden)
        isClassifier = outputShape[0] == 2
        let weight = try file.values("fc_out.weight", shape: isClassifier ? 2 : 1, hidden)
        let bias = try file.values("fc_out.bias", shape: isClassifier ? 2 : 1)
        if isClassifier {
            output = (0..<hidden).map { weight[hidden + $0] - weight[$0] }
            outputBias = bias[1] - bias[0]
        } else {
            output = weight
            outputBias = bias[0]
        }
        mean = file.settings["normalizer.mean"].flatMap(Double.init) ?? 0
        deviation = file.settings["normalizer.std"].flatMap(Double.init) ?? 1
    }
}

extension CGCNNWeights.Layer {
    fileprivate init(_ file: Checkpoint, _ name: String) throws {
        let (width, gaussians) = (CGCNNWeights.width, CGCNNWeights.gaussians)
        let columns = 2 * width + gaussians
        let full = try file.values(name + ".fc_full.weight", shape: 2 * width, columns)
        let fullBias = try file.values(name + ".fc_full.bias", shape: 2 * width)
        let first = try Self.norm(file, name + ".bn1", 2 * width)
        let second = try Self.norm(file, name + ".bn2", width)
        (scale, shift) = second
        atoms = [Double](repeating: 0, count: 4 * width * width)
        bias = [Double](repeating: 0, count: 4 * width)
        bond = [Double](repeating: 0, count: gaussians * 2 * width)
        for row in 0..<(2 * width) {
            let factor = first.scale[row]
            bias[row] = fullBias[row] * factor + first.shift[row]
            for c in 0..<width {
                atoms[row * width + c] = factor * full[row * columns + c]
                atoms[(2 * width + row) * width + c] = factor * full[row * columns + width + c]
            }
            for g in 0..<gaussians {
                bond[g * 2 * width + row] = factor * full[row * columns + 2 * width + g]
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
