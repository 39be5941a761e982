import CGatedLayers
import Crystallography
import Foundation
import LearnedModels
import NumericalMethods

/// A crystal graph convolutional neural network (Xie & Grossman, PRL 120 (2018) 145301) in double precision, with
/// exact gradients in mixtures of elements, coordinates and cell.
///
/// A mixture's features are the mean of its elements' features. In a crystal with symmetry one row is computed for
/// each orbit, so that the cost follows the number of orbits.
public struct CGCNN: PropertyPredictor {
    /// The model's name.
    public let name: String
    /// The unit of its property.
    public let unit: String
    /// What it was trained on, as far as it is known.
    public let domain: PredictorDomain
    /// The error on its validation set, in `unit`; nil where the checkpoint states none.
    public let validationError: Double?
    /// The value is the probability of the second class.
    public var isClassifier: Bool { weights.isClassifier }
    /// With all hidden units off: the bias of the last layer.
    public var floor: Double? {
        isClassifier ? nil : weights.outputBias * weights.deviation + weights.mean
    }
    /// It does: its graph has the 12 nearest neighbours.
    public var dependsOnOrder: Bool { true }
    /// What kind of error that is: a mean absolute error, or one minus the area under the curve.
    public var errorKind: String { isClassifier ? "AUC" : "MAE" }
    let weights: CGCNNWeights
    private let tables: CrystalNetworkTables

    /// - Throws: `CheckpointError` or `PropertyModelError` for a file that is not a CGCNN, or one that is too large.
    package init(
        _ checkpoint: Checkpoint, name: String, unit: String = "", nonMetalsOnly: Bool = false
    ) throws {
        weights = try CGCNNWeights(checkpoint)
        tables = CrystalNetworkTables(weights)
        self.name = name
        self.unit = unit
        let settings = checkpoint.settings
        domain = PredictorDomain(
            training: settings["dataset"] == "matproj"
                ? "Materials Project, 2017" : settings["dataset"] ?? "unknown",
            trainingCount: settings["train_size"].flatMap { Int($0) }, nonMetalsOnly: nonMetalsOnly)
        validationError = settings["best_mae_error"].flatMap(Double.init)
    }

    /// The property of a mixed crystal and, where asked for, its gradient.
    public func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let distances = crystal.distances
        if precision == .single {
            let result = tables.evaluate(
                crystal, distances: distances, elements: weights.elements, gradient: gradient)
            return PropertyEvaluation(
                value: result.value,
                gradient: gradient
                    ? crystal.gradient(
                        mixtures: result.mixtures, byDistance: result.distances, distances: distances)
                    : nil)
        }
        let pass = CGCNNPass(weights, crystal, distances, keepsSlopes: gradient)
        let value = pass.forward()
        return PropertyEvaluation(value: value, gradient: gradient ? pass.reverse() : nil)
    }

    /// The features a network sees beside the crystal: mean-pooled over the cell, so that a tiled cell is predicted
    /// as its unit.
    public func value(of structure: CrystalStructure, ties: TieMode) throws(PropertyModelError) -> Double {
        evaluate(try MixedCrystal(structure, ties: ties), gradient: false).value
    }
}

/// One evaluation: forward, then hand-written reverse.
private final class CGCNNPass {
    private let weights: CGCNNWeights
    private let crystal: MixedCrystal
    private let keepsSlopes: Bool
    private let nodes: Int
    private let edges: Int
    private let target: [Int32]
    private let source: [Int32]
    private let weight: [Double]
    private let distances: [Double]
    private var first: [Int32]
    private var gauss: [Double]
    private var gaussSlope: [Double]
    private let shares: [Double]

    // Kept for the reverse pass, layer by layer.
    private var edgeSlopes: [[Double]] = []
    private var nodeSlopes: [[Double]] = []
    private var pooledSlope: [Double] = []
    /// Of the hidden layers, the first one first.
    private var hiddenSlopes: [[Double]] = []
    private var outputSlope = 1.0

    private static let window = 11

    init(_ weights: CGCNNWeights, _ crystal: MixedCrystal, _ distances: [Double], keepsSlopes: Bool) {
        self.weights = weights
        self.crystal = crystal
        self.keepsSlopes = keepsSlopes
        let geometry = crystal.geometry
        let entries = crystal.neighbours.entries
        nodes = geometry.representatives.count
        edges = entries.count
        target = entries.map(\.target)
        // CGCNN pads with atom 0.
        source = entries.map { Int32(geometry.orbits[max(0, Int($0.atom))]) }
        weight = entries.map(\.weight)
        self.distances = distances
        let total = geometry.multiplicities.reduce(0, +)
        shares = geometry.multiplicities.map { $0 / total }
        first = [Int32](repeating: 0, count: edges)
        gauss = [Double](repeating: 0, count: edges * Self.window)
        gaussSlope = keepsSlopes ? gauss : []
        let spacing = CGCNNWeights.spacing
        let ratio = exp(-2.0)
        for e in 0..<edges {
            let d = distances[e]
            let nearest = Int((d / spacing).rounded())
            let start = min(max(0, nearest - Self.window / 2), CGCNNWeights.gaussians - Self.window)
            first[e] = Int32(start)
            // exp(−(x − n)²) over consecutive n by recurrence: each factor falls by e⁻².
            let x = d / spacing - Double(start)
            var value = exp(-x * x)
            var factor = exp(2 * x - 1)
            for r in 0..<Self.window {
                gauss[e * Self.window + r] = value
                if keepsSlopes {
                    gaussSlope[e * Self.window + r] = -2 * (x - Double(r)) / spacing * value
                }
                value *= factor
                factor *= ratio
            }
        }
    }

    /// C (+)= A Bᵀ or A B on whole tables.
    private func product(
        _ a: [Double], _ b: [Double], transposed: Bool, into c: inout [Double], rows: Int, columns: Int,
        inner: Int
    ) {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                    if transposed {
                        MatrixProduct.timesTransposed(
                            .init(a, stride: inner), .init(b, stride: inner), into: c, stride: columns,
                            rows: rows,
                            columns: columns, inner: inner, adding: true)
                    } else {
                        MatrixProduct.times(
                            .init(a, stride: inner), .init(b, stride: columns), into: c, stride: columns,
                            rows: rows, columns: columns, inner: inner, adding: true)
                    }
                }
            }
        }
    }

    func forward() -> Double {
        let width = weights.width
        var v = [Double](repeating: 0, count: nodes * width)
        embed(into: &v)
        for layer in weights.layers {
            var projection: [Double] = []
            projection.reserveCapacity(nodes * 4 * width)
            for _ in 0..<nodes { projection += layer.bias }
            product(
                v, layer.atoms, transposed: true, into: &projection, rows: nodes, columns: 4 * width,
                inner: width)
            var sum = [Double](repeating: 0, count: nodes * width)
            var slope = [Double](repeating: 0, count: keepsSlopes ? edges * 2 * width : 0)
            slope.withUnsafeMutableBufferPointer { slope in
                wyckoff_convolution(
                    Int32(width), Int32(edges), target, source, weight, first, gauss, layer.bond, projection,
                    &sum, keepsSlopes ? slope.baseAddress : nil)
            }
            for i in 0..<nodes {
                for c in 0..<width {
                    sum[i * width + c] =
                        sum[i * width + c] * layer.scale[c] + layer.shift[c] + v[i * width + c]
                }
            }
            var nodeSlope = [Double](repeating: 0, count: keepsSlopes ? nodes * width : 0)
            softplus(sum, into: &v, slope: &nodeSlope)
            if keepsSlopes {
                edgeSlopes.append(slope)
                nodeSlopes.append(nodeSlope)
            }
        }
        return readout(v)
    }

    private func embed(into v: inout [Double]) {
        let (width, count) = (weights.width, MixedCrystal.elementCount)
        for orbit in 0..<nodes {
            for z in 0..<count where crystal.mixtures[orbit * count + z] != 0 {
                let share = crystal.mixtures[orbit * count + z]
                for c in 0..<width { v[orbit * width + c] += share * weights.elements[z * width + c] }
            }
        }
    }

    private func softplus(_ x: [Double], into y: inout [Double], slope: inout [Double]) {
        slope.withUnsafeMutableBufferPointer { slope in
            wyckoff_softplus(Int64(x.count), x, &y, keepsSlopes ? slope.baseAddress : nil)
        }
    }

    private func readout(_ v: [Double]) -> Double {
        let width = weights.width
        var pooled = [Double](repeating: 0, count: width)
        for i in 0..<nodes {
            for c in 0..<width { pooled[c] += shares[i] * v[i * width + c] }
        }
        var active = pooled
        pooledSlope = [Double](repeating: 0, count: keepsSlopes ? width : 0)
        softplus(pooled, into: &active, slope: &pooledSlope)
        hiddenSlopes = []
        var activeHidden = hiddenLayer(weights.pooled, weights.pooledBias, active)
        for layer in weights.hiddenLayers {
            activeHidden = hiddenLayer(layer.weights, layer.bias, activeHidden)
        }
        var result = weights.outputBias
        for k in 0..<weights.hidden { result += weights.output[k] * activeHidden[k] }
        guard weights.isClassifier else {
            outputSlope = weights.deviation
            return result * weights.deviation + weights.mean
        }
        let probability = 1 / (1 + exp(-result))
        outputSlope = probability / (1 + exp(result))
        return probability
    }

    /// softplus(weights · x + bias); its slope is kept.
    private func hiddenLayer(_ layer: [Double], _ bias: [Double], _ x: [Double]) -> [Double] {
        var hidden = bias
        product(
            x, layer, transposed: true, into: &hidden, rows: 1, columns: bias.count, inner: x.count)
        var slope = [Double](repeating: 0, count: keepsSlopes ? bias.count : 0)
        var active = hidden
        softplus(hidden, into: &active, slope: &slope)
        hiddenSlopes.append(slope)
        return active
    }

    func reverse() -> PropertyGradient {
        let width = weights.width
        var dhidden = weights.output.map { outputSlope * $0 }
        for (layer, slope) in zip(weights.hiddenLayers, hiddenSlopes.dropFirst()).reversed() {
            var before = [Double](repeating: 0, count: weights.hidden)
            product(
                zip(dhidden, slope).map { $0 * $1 }, layer.weights, transposed: false, into: &before,
                rows: 1, columns: weights.hidden, inner: weights.hidden)
            dhidden = before
        }
        dhidden = zip(dhidden, hiddenSlopes[0]).map { $0 * $1 }
        var dpooled = [Double](repeating: 0, count: width)
        product(
            dhidden, weights.pooled, transposed: false, into: &dpooled, rows: 1, columns: width,
            inner: weights.hidden)
        var dv = [Double](repeating: 0, count: nodes * width)
        for i in 0..<nodes {
            for c in 0..<width { dv[i * width + c] = shares[i] * dpooled[c] * pooledSlope[c] }
        }
        var ddistance = [Double](repeating: 0, count: edges)
        for (t, layer) in weights.layers.enumerated().reversed() {
            var dsum = [Double](repeating: 0, count: nodes * width)
            for i in 0..<nodes {
                for c in 0..<width {
                    dv[i * width + c] *= nodeSlopes[t][i * width + c]
                    dsum[i * width + c] = dv[i * width + c] * layer.scale[c]
                }
            }
            var dprojection = [Double](repeating: 0, count: nodes * 4 * width)
            wyckoff_convolution_reverse(
                Int32(width), Int32(edges), target, source, first, gaussSlope, layer.bond, edgeSlopes[t],
                dsum,
                &dprojection,
                &ddistance)
            product(
                dprojection, layer.atoms, transposed: false, into: &dv, rows: nodes, columns: width,
                inner: 4 * width)
        }
        var dmixtures = [Double](repeating: 0, count: nodes * MixedCrystal.elementCount)
        product(
            dv, weights.elements, transposed: true, into: &dmixtures, rows: nodes,
            columns: MixedCrystal.elementCount, inner: width)
        return crystal.gradient(mixtures: dmixtures, byDistance: ddistance, distances: distances)
    }
}
