# SPDX-License-Identifier: Apache-2.0
"""Short encoded clips, and what FFmpeg says they are.

Each clip is 4 s of 1920x1080 at 25 frames/s, a key frame a second, no B-frames, with its
parameter sets in band. It is made once and kept in the work directory in three forms: in a
container, for FFmpeg to send; as an elementary stream, for ffprobe; and one file for each
access unit, for the servers.
"""

import json
import os
import shutil
import subprocess

SECONDS = 4
FRAMES_PER_SECOND = 25
WIDTH, HEIGHT = 1920, 1080
# The order asks for 5000 kbit/s (annex 2, 2.1.2); a little above it.
BITS_PER_SECOND = 5_500_000

_RATE = ["-b:v", str(BITS_PER_SECOND), "-maxrate", str(BITS_PER_SECOND),
         "-bufsize", str(BITS_PER_SECOND // 2), "-g", str(FRAMES_PER_SECOND)]

# codec as kuzet names it: (suffix, raw format, codec as ffprobe names it, encoder options)
CODECS = {
    "h264": ("h264", "h264", "h264",
             ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"] + _RATE),
    "h265": ("h265", "hevc", "hevc",
             ["-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast",
              "-x265-params", "log-level=error:bframes=0:repeat-headers=1"] + _RATE),
    "mpeg4": ("m4v", "m4v", "mpeg4",
              ["-pix_fmt", "yuv420p", "-c:v", "mpeg4", "-bf", "0"] + _RATE),
    # RFC 2435 sends no Huffman tables: they must be the standard's. A fixed quantiser, for
    # JPEG's rate control does not reach so low.
    "mjpeg": ("mjpeg", "mjpeg", "mjpeg",
              ["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", "default",
               "-qmin", "60", "-qmax", "69", "-q:v", "60"]),
}


class Clip:
    """One encoded clip in its three forms, and the truth about it."""

    def __init__(self, codec, folder):
        suffix, self._raw, self._name, self._options = CODECS[codec]
        self.codec = codec
        self._folder = folder
        # JPEG has no place in a transport stream, the others keep their headers in band there.
        self.container = os.path.join(folder, f"{codec}.{'mkv' if codec == 'mjpeg' else 'ts'}")
        self.elementary = os.path.join(folder, f"clip.{suffix}")
        self.units = os.path.join(folder, f"units.{codec}")
        self.playlist = os.path.join(folder, f"{codec}.concat")

    def make(self, seconds):
        """Makes what is missing, and a playlist of at least `seconds`; asks for the truth."""
        os.makedirs(self._folder, exist_ok=True)
        if not os.path.exists(self.container):
            # JPEG of the same picture is larger than the others as it is.
            noise = "" if self.codec == "mjpeg" else ",noise=alls=4:allf=t"
            self._replace(self.container, [
                "-f", "lavfi", "-i",
                f"testsrc2=size={WIDTH}x{HEIGHT}:rate={FRAMES_PER_SECOND}{noise}",
                "-t", str(SECONDS)] + self._options
                + ["-f", "matroska" if self.codec == "mjpeg" else "mpegts"])
        if not os.path.exists(self.elementary):
            self._replace(self.elementary, ["-i", self.container, "-c", "copy", "-f", self._raw])
        if not os.path.isdir(self.units):
            partial = self.units + ".partial"
            shutil.rmtree(partial, ignore_errors=True)
            os.makedirs(partial)
            ffmpeg(["-i", self.container, "-c", "copy", "-f", "image2",
                    os.path.join(partial, "%05d.unit")])
            os.rename(partial, self.units)
        self._measure()
        self._list(os.path.basename(self.playlist), seconds)

    def _list(self, name, seconds):
        """Writes a list of the clip, over and over: FFmpeg's own loop shifts the times at the
        joint, a list with stated lengths does not."""
        path = os.path.join(self._folder, name)
        with open(path, "w", encoding="utf-8") as playlist:
            playlist.write("ffconcat version 1.0\n")
            for _ in range(int(seconds / self.seconds) + 1):
                playlist.write(f"file {os.path.basename(self.container)}\n")
                playlist.write(f"duration {self.seconds:.6f}\n")
        return path

    def long(self, seconds):
        """The clip over and over as one transport stream, for programs that play files."""
        path = os.path.join(self._folder, f"{self.codec}-{seconds}s.ts")
        if not os.path.exists(path):
            playlist = self._list(f"{self.codec}-{seconds}s.concat", seconds)
            self._replace(path, ["-f", "concat", "-safe", "0", "-i", playlist, "-map", "0:v", "-t",
                                 str(seconds), "-c", "copy", "-f", "mpegts"])
        return path

    def _replace(self, path, arguments):
        ffmpeg(arguments + [path + ".partial"])
        os.replace(path + ".partial", path)

    def _measure(self):
        answer = subprocess.run(
            ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets",
             "-show_entries", "stream=codec_name,width,height,r_frame_rate,nb_read_packets",
             "-of", "json", self.elementary], check=True, capture_output=True, text=True, timeout=60)
        stream = json.loads(answer.stdout)["streams"][0]
        if stream["codec_name"] != self._name:
            raise RuntimeError(f"{self.elementary}: ffprobe reads {stream['codec_name']}")
        above, below = stream["r_frame_rate"].split("/")
        self.width, self.height = stream["width"], stream["height"]
        self.frame_rate = int(above) / int(below)
        self.frames = int(stream["nb_read_packets"])
        self.seconds = self.frames / self.frame_rate
        self.bit_rate = os.path.getsize(self.elementary) * 8 / self.seconds
        self.largest_frame = max(
            os.path.getsize(os.path.join(self.units, name)) for name in os.listdir(self.units))


def ffmpeg(arguments):
    """Runs ffmpeg to its end; says what it said if it fails."""
    run = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"] + arguments,
                         capture_output=True, text=True, timeout=300)
    if run.returncode != 0:
        raise RuntimeError(f"ffmpeg {' '.join(arguments)}: {run.stderr.strip()[-600:]}")
