import CStructureFactors

/// The peaks of a phase as functions on the grid: spread by axial divergence where the instrument has it.
///
/// Seven basis functions: value, ∂/∂position, u ∂/∂u, ∂/∂η, and, of a spread peak, the derivatives of the spread
/// with respect to 2θ (degrees), S/L and H/L.
extension PhaseCalculation {
    static let basisCount = 7

    /// out[i] += height · value for grid points in the window, indexed like the grid.
    func addPeak(
        _ index: Int, height: Double, _ instrument: Instrument, _ grid: UnsafeBufferPointer<Double>,
        window: Range<Int>, _ out: UnsafeMutablePointer<Double>
    ) {
        let peak = peaks[index]
        let points = (Int(peak.first)..<Int(peak.last)).clamped(to: window)
        guard !points.isEmpty, height != 0 else { return }
        let shape = profile(peak, instrument)
        guard let nodes = axialNodes(of: index) else {
            var kernel = shape.kernel
            wyckoff_peak_add(
                &kernel, height, grid.baseAddress, Int32(points.lowerBound), Int32(points.upperBound), out)
            return
        }
        var shifted = shape
        for node in nodes where node.weight != 0 {
            shifted.position = shape.position + node.offset
            let support = shifted.support(on: grid).clamped(to: window)
            var kernel = shifted.kernel
            wyckoff_peak_add(
                &kernel, height * node.weight, grid.baseAddress, Int32(support.lowerBound),
                Int32(support.upperBound), out)
        }
    }

    /// Σ_i g_i · basis_i of a peak.
    func reverseSums(
        _ index: Int, _ instrument: Instrument, _ grid: UnsafeBufferPointer<Double>,
        _ cotangent: UnsafeBufferPointer<Double>, _ tails: PeakTails?
    ) -> SIMD8<Double> {
        let peak = peaks[index]
        let shape = profile(peak, instrument)
        if let tails, peaksAreSingle, let x = grid.baseAddress, let g = cotangent.baseAddress {
            var kernel = shape.kernel
            let sums = tails.reverse(&kernel, grid: x, cotangent: g)
            return SIMD8(lowHalf: sums, highHalf: .zero)
        }
        guard let nodes = axialNodes(of: index) else {
            return Self.reverse(shape, Int(peak.first)..<Int(peak.last), grid, cotangent)
        }
        var result = SIMD8<Double>.zero
        var shifted = shape
        for node in nodes {
            shifted.position = shape.position + node.offset
            let sums = Self.reverse(shifted, shifted.support(on: grid), grid, cotangent)
            result += node.weight * sums
            for k in 0..<3 {
                result[4 + k] +=
                    node.weightDerivatives[k] * sums[0] + node.weight * node.offsetDerivatives[k] * sums[1]
            }
        }
        return result
    }

    private static func reverse(
        _ shape: PeakProfile, _ support: Range<Int>, _ grid: UnsafeBufferPointer<Double>,
        _ cotangent: UnsafeBufferPointer<Double>
    ) -> SIMD8<Double> {
        var kernel = shape.kernel
        var sums = (0.0, 0.0, 0.0, 0.0)
        withUnsafeMutablePointer(to: &sums) { pointer in
            pointer.withMemoryRebound(to: Double.self, capacity: 4) {
                wyckoff_peak_reverse(
                    &kernel, grid.baseAddress, Int32(support.lowerBound), Int32(support.upperBound),
                    cotangent.baseAddress, $0)
            }
        }
        return SIMD8(sums.0, sums.1, sums.2, sums.3, 0, 0, 0, 0)
    }

    /// The basis functions at a peak's grid points, written from index 0 of each row of `out`.
    ///
    /// - Parameters:
    ///   - points: a part of peak.first..<peak.last, not empty.
    ///   - scratch: memory of four rows.
    /// - Returns: how many rows were written, 4 or 7.
    func basis(
        _ index: Int, _ instrument: Instrument, _ grid: UnsafeBufferPointer<Double>, points: Range<Int>,
        _ out: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>, stride: Int
    ) -> Int {
        let peak = peaks[index]
        let shape = profile(peak, instrument)
        guard let nodes = axialNodes(of: index) else {
            var kernel = shape.kernel
            wyckoff_peak_derivatives(
                &kernel, grid.baseAddress, Int32(points.lowerBound), Int32(points.upperBound), out,
                Int32(stride))
            return 4
        }
        let first = points.lowerBound
        for row in 0..<Self.basisCount {
            (out + row * stride).update(repeating: 0, count: points.count)
        }
        var shifted = shape
        for node in nodes {
            shifted.position = shape.position + node.offset
            let support = shifted.support(on: grid).clamped(to: points)
            let count = support.count
            var kernel = shifted.kernel
            wyckoff_peak_derivatives(
                &kernel, grid.baseAddress, Int32(support.lowerBound), Int32(support.upperBound), scratch,
                Int32(stride))
            let start = out + (support.lowerBound - first)
            for row in 0..<4 {
                let (from, to) = (scratch + row * stride, start + row * stride)
                for i in 0..<count { to[i] += node.weight * from[i] }
            }
            for k in 0..<3 {
                let (a, b) = (node.weightDerivatives[k], node.weight * node.offsetDerivatives[k])
                let to = start + (4 + k) * stride
                for i in 0..<count { to[i] += a * scratch[i] + b * scratch[stride + i] }
            }
        }
        return Self.basisCount
    }
}
