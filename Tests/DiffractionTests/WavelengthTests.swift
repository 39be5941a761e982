import Crystallography
import Diffraction
import Testing

@Suite struct WavelengthTests {
    @Test(
        "a number that textbooks give for a doublet's mean names its anode; a line of its own, a monochromator's number do not",
        arguments: [
            (1.5418, "Cu"), (1.54184, "Cu"), (0.7107, "Mo"), (0.71073, "Mo"), (1.7903, "Co"), (1.9374, "Fe"),
            (2.2910, "Cr"), (1.5406, nil), (1.54056, nil), (0.7093, nil), (1.909, nil), (0.4139, nil),
        ] as [(Double, String?)])
    func meansOfDoublets(_ wavelength: Double, _ anode: String?) {
        #expect(Wavelength.anode(ofMean: wavelength)?.symbol == anode)
    }

    @Test("the doublet near a first line or a mean is that anode's; no other wavelength has one")
    func doublets() throws {
        for wavelength in [1.5406, 1.54056, 1.5418] {
            let doublet = try #require(Wavelength.doublet(near: wavelength))
            #expect(doublet.lines.count == 2 && abs(doublet.lines[1].wavelength - 1.5444) < 2e-4)
        }
        #expect(try #require(Wavelength.doublet(near: 1.78897)).lines[1].wavelength > 1.792)
        #expect(Wavelength.doublet(near: 1.2) == nil && Wavelength.doublet(near: 1.544) == nil)
    }
}
