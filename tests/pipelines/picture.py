# SPDX-License-Identifier: LGPL-2.1-or-later
"""The picture that echoelcrop makes, against ffmpeg's crop and scale of the
same frames with the same filter."""
import media
import pictures
import tools

GOOD = 40.0
# Planes of colour, where two converters differ by their rounding.
GOOD_CHROMA = 38.0
SHIFTED = 30.0
FRAMES = 2
BICUBIC = pictures.CATMULL_ROM
# The names of raw formats: GStreamer's, ffmpeg's.
I420 = ('i420', 'yuv420p')


def zscale(width, height):
    """The same filter by ffmpeg's other scaler."""
    return f'zscale=w={width}:h={height}:filter=bicubic:param_a=0:param_b=0.5'


class Source:
    """Raw frames in a file, with what rawvideoparse must be told of them."""

    def __init__(self, path, size, form=I420, pixels='1/1', colours='bt709'):
        self.path, self.size, self.form = path, size, form
        self.pixels, self.colours = pixels, colours

    def pipeline(self):
        return (f'filesrc location={self.path} ! rawvideoparse'
                f' format={self.form[0]} width={self.size[0]}'
                f' height={self.size[1]} framerate=25/1'
                f' pixel-aspect-ratio={self.pixels}'
                f' colorimetry={self.colours} {self.layout()}')

    def layout(self):
        """ffmpeg packs planes of an odd height, GStreamer pads the first."""
        width, height = self.size
        if self.form != I420 or height % 2 == 0:
            return ''
        luma, chroma = width * height, width // 2 * ((height + 1) // 2)
        return (f'plane-strides="<{width},{width // 2},{width // 2}>"'
                f' plane-offsets="<0,{luma},{luma + chroma}>"'
                f' frame-size={luma + 2 * chroma}')

    def inputs(self):
        return [*pictures.raw(*self.size, self.form[1]), '-i', self.path]


class PictureCase(tools.TestCase):
    def source(self, clip, size, filters='null', form=I420, **about):
        """The clip's first frames, decoded by ffmpeg for both sides."""
        path = pictures.make_raw(
            self.folder / f'source-{form[0]}.raw', ['-i', clip],
            f'{filters},scale={size[0]}:{size[1]}', FRAMES, form[1])
        return Source(path, size, form, **about)

    def phone(self, form=I420):
        return self.source(media.phone(), (1920, 1080), form=form)

    def crop(self, source, size, properties='', form='I420'):
        """What echoelcrop makes of the source at a fixed size."""
        out = self.folder / 'ours.raw'
        self.launch_ok(
            f'{source.pipeline()} ! echoelcrop {properties}'
            f' ! video/x-raw,format={form},width={size[0]},height={size[1]}'
            f',pixel-aspect-ratio=1/1 ! filesink location={out}')
        return out

    def reference(self, source, filters):
        return pictures.make_raw(self.folder / 'theirs.raw', source.inputs(),
                                 filters)

    def compare(self, source, size, filters, properties='', least=GOOD,
                planes='y'):
        """Holds our picture against ffmpeg's; returns the PSNR in dB."""
        value = pictures.raw_psnr(
            *size, self.crop(source, size, properties),
            self.reference(source, filters), planes)
        self.assertGreaterEqual(value, least)
        return value


class Cover(PictureCase):
    def test_square_out_of_16_9_is_a_copy(self):
        size = (1080, 1080)
        self.compare(self.phone(), size, 'crop=1080:1080:420:0',
                     least=pictures.SAME, planes='yuv')

    def test_16_9_to_720p(self):
        self.compare(self.phone(), (1280, 720), f'scale=1280:720:{BICUBIC}')

    def test_16_9_to_9_16(self):
        # The exact window is 607.5 pixels wide; 3414 is 0.1 pixel off.
        self.compare(self.phone(), (1080, 1920),
                     f'scale=3414:1920:{BICUBIC},crop=1080:1920')

    def test_16_9_to_4_5(self):
        self.compare(self.phone(), (1080, 1350),
                     f'scale=2400:1350:{BICUBIC},crop=1080:1350')

    def test_pixels_of_16_15(self):
        source = self.source(media.ball(), (720, 576), pixels='16/15')
        self.compare(source, (1080, 1080),
                     f'scale=1440:1080:{BICUBIC},crop=1080:1080')

    def test_odd_height(self):
        # swscale is 40 dB away from zscale itself on this grainy clip.
        source = self.source(media.city(), (720, 405))
        self.compare(source, (960, 540), f'format=yuv444p,{zscale(960, 540)}')
        self.compare(source, (720, 720), f'format=yuv444p,{zscale(1280, 720)}'
                     ',crop=720:720')

    def test_4k_to_720p(self):
        clip = media.uhd()
        source = self.source(clip, (3840, 2160))
        self.compare(source, (1280, 720), f'scale=1280:720:{BICUBIC}')

    def test_64x64_to_1080x1080(self):
        source = self.source(media.tiny(), (64, 64))
        # So much enlarged, what is taken to lie beyond the edges shows;
        # zscale and echoelcrop mirror the picture there, swscale does not.
        self.compare(source, (1080, 1080),
                     zscale(1080, 1080))

    def test_equal_size_is_untouched(self):
        source = self.phone()
        ours = self.crop(source, source.size)
        self.assertEqual(ours.read_bytes(), source.path.read_bytes())


class Anchors(PictureCase):
    def test_left_and_right(self):
        for anchor, left in ((0, 0), (0.5, 420), (1, 840)):
            with self.subTest(anchor=anchor):
                self.compare(self.phone(), (1080, 1080),
                             f'crop=1080:1080:{left}:0', f'anchor-x={anchor}',
                             least=pictures.SAME)

    def test_top_and_bottom(self):
        source = self.source(media.phone(), (1080, 1920), 'transpose')
        for anchor, top in ((0, 0), (1, 2276 - 720)):
            with self.subTest(anchor=anchor):
                self.compare(source, (1280, 720), f'scale=1280:2276:{BICUBIC}'
                             f',crop=1280:720:0:{top}', f'anchor-y={anchor}')


class Filters(PictureCase):
    def check_filter(self, name, scaler):
        self.compare(self.phone(), (1280, 720), scaler, f'filter={name}')

    def test_bilinear(self):
        self.check_filter('bilinear', 'scale=1280:720:flags=bilinear'
                          '+accurate_rnd+full_chroma_int')

    def test_bicubic(self):
        self.check_filter('bicubic', f'scale=1280:720:{BICUBIC}')

    def test_lanczos(self):
        self.check_filter('lanczos', 'scale=1280:720:flags=lanczos'
                          '+accurate_rnd+full_chroma_int:param0=3')

    def test_spline36(self):
        self.check_filter('spline36', 'zscale=w=1280:h=720:filter=spline36')

    def test_stretch(self):
        self.compare(self.phone(), (720, 720), f'scale=720:720:{BICUBIC}',
                     'fit=stretch')


class AspectAlone(PictureCase):
    """Only aspect-ratio is set: the largest window, and no scaling."""

    def window(self, source, aspect):
        out = self.folder / 'ours.raw'
        self.launch_ok(f'{source.pipeline()} ! echoelcrop'
                       f' aspect-ratio={aspect}'
                       ' ! video/x-raw,format=I420'
                       f' ! filesink location={out}')
        return out

    def test_square(self):
        source = self.phone()
        ours = self.window(source, '1/1')
        theirs = self.reference(source, 'crop=1080:1080:420:0')
        self.assertEqual(ours.read_bytes(), theirs.read_bytes())

    def test_9_16_has_even_sides(self):
        source = self.phone()
        ours = self.window(source, '9/16')
        width, rest = divmod(ours.stat().st_size, 1080 * 3 // 2 * FRAMES)
        self.assertEqual(rest, 0)
        self.assertIn(width, (606, 608))
        left = (1920 - width) // 2 & ~1
        theirs = self.reference(source, f'crop={width}:1080:{left}:0')
        self.assertGreaterEqual(
            pictures.raw_psnr(width, 1080, ours, theirs), GOOD)


class Formats(PictureCase):
    def check_format(self, form):
        """Other memory layouts of the same frames give the same picture."""
        source = self.phone(form)
        size = (720, 1280)
        self.compare(source, size,
                     f'scale=2276:1280:{BICUBIC}:out_color_matrix=bt709'
                     ':out_range=tv,crop=720:1280,format=yuv420p')

    def test_nv12(self):
        self.check_format(('nv12', 'nv12'))

    def test_10_bit(self):
        self.check_format(('i420-10le', 'yuv420p10le'))

    def test_4_2_2(self):
        self.check_format(('yuy2', 'yuyv422'))

    def test_4_4_4(self):
        self.check_format(('y444', 'yuv444p'))

    def check_rgb(self, form):
        clip = self.source(media.phone(), (1920, 1080),
                           'scale=in_color_matrix=bt709', form=form,
                           colours='sRGB')
        self.compare(clip, (720, 1280),
                     f'scale=2276:1280:{BICUBIC}:out_color_matrix=bt709'
                     ':out_range=tv,crop=720:1280,format=yuv420p')

    def test_bgra(self):
        self.check_rgb(('bgra', 'bgra'))

    def test_rgb(self):
        self.check_rgb(('rgb', 'rgb24'))

    def test_nv12_out(self):
        source, size = self.phone(), (1280, 720)
        ours = self.crop(source, size, form='NV12')
        planar = pictures.make_raw(
            self.folder / 'planar.raw',
            [*pictures.raw(*size, 'nv12'), '-i', ours], 'null')
        theirs = self.reference(source, f'scale=1280:720:{BICUBIC}')
        self.assertGreaterEqual(
            pictures.raw_psnr(*size, planar, theirs), GOOD)

    def check_colours(self, colours, told):
        """All planes, against zscale: the matrix, the range, the primaries
        and the place of the chroma samples are right."""
        source = self.source(media.phone(), (1920, 1080),
                             'scale=in_color_matrix=bt709:in_range=tv'
                             ':out_color_matrix=bt601:out_range=pc',
                             colours=colours)
        out = self.folder / 'ours.raw'
        self.launch_ok(
            f'{source.pipeline()} ! echoelcrop ! video/x-raw,format=I420'
            ',width=1280,height=720,pixel-aspect-ratio=1/1'
            f',colorimetry=bt709 ! filesink location={out}')
        theirs = self.reference(
            source, f'{zscale(1280, 720)}:{told}:matrixin=170m:matrix=709'
            ':rangein=full:range=limited:primaries=709:transfer=709'
            ':chromalin=left:chromal=left')
        for planes, least in (('y', GOOD), ('uv', GOOD_CHROMA)):
            self.assertGreaterEqual(
                pictures.raw_psnr(1280, 720, out, theirs, planes), least)

    def test_601_full_range_to_709(self):
        self.check_colours('1:4:5:1', 'primariesin=709:transferin=709')

    def test_601_full_range_and_primaries_to_709(self):
        self.check_colours('1:4:16:4', 'primariesin=170m:transferin=601')


class TheMeasure(PictureCase):
    """The comparison can tell a wrong picture from a right one."""

    def test_a_window_8_pixels_off_is_far_from_good(self):
        source, size = self.phone(), (1080, 1080)
        ours = self.crop(source, size)
        theirs = self.reference(source, 'crop=1080:1080:428:0')
        self.assertLess(pictures.raw_psnr(*size, ours, theirs), SHIFTED)

    def test_another_shape_is_far_from_good(self):
        source, size = self.phone(), (1080, 1920)
        ours = self.crop(source, size)
        theirs = self.reference(source, f'scale=1080:1920:{BICUBIC}')
        self.assertLess(pictures.raw_psnr(*size, ours, theirs), SHIFTED)


if __name__ == '__main__':
    tools.main()
