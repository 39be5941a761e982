import Diffraction
import Testing

@Suite("SimilarityKernel") struct SimilarityKernelTests {
    /// Half the squared distance from 1, 2, 3, …
    private struct Distance: SimilarityKernel {
        func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
            var sum = 0.0
            for (index, value) in calculated.enumerated() {
                let difference = value - Double(index + 1)
                sum += difference * difference / 2
                gradient?[index] = difference
            }
            return sum
        }
    }

    @Test("whoever states a value with its gradient gets each by itself")
    func defaults() {
        let kernel = Distance()
        let (value, gradient) = kernel.valueAndGradient([2, 2, 5])
        #expect(value == 2.5 && kernel.value([2, 2, 5]) == 2.5)
        #expect(gradient == [1, 0, 2])
    }
}
