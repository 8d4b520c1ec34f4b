using Beamline.Arrays;

namespace Beamline.Data.Tests;

/// <summary>Zarr stores against zarr-python (version 2) and against a small reader of the specification in Python (version 3).</summary>
public sealed class ZarrTests
{
    private const string Import = "try: import zarr, numcodecs\nexcept ImportError as e: print('skip', e); sys.exit()\n";

    [Fact]
    public void A_volume_saved_as_zarr_2_is_read_by_zarr_python_with_its_metadata()
    {
        using var folder = new TestFolder();
        using var volume = Volume();
        volume.Save(folder["v.zarr"]);

        var said = Python(
            """
            g = zarr.open(sys.argv[1], 'r'); a = g['0'][:]; m = g.attrs['multiscales'][0]
            print(a.shape, a.dtype, (a == np.arange(a.size).reshape(a.shape)).all(), m['version'], m['axes'][0], m['datasets'][0]['coordinateTransformations'][0]['scale'])
            """, folder["v.zarr"]);

        Assert.Equal("(3, 520, 700) float32 True 0.4 {'name': 'z', 'type': 'space', 'unit': 'micrometer'} [2.5, 1.5, 1.5]", said);
        AssertSame(volume, folder["v.zarr"]);
        Assert.Equal(["v.zarr"], folder.Names);
    }

    [Fact]
    public void A_volume_saved_as_zarr_3_follows_the_specification()
    {
        using var folder = new TestFolder();
        using var volume = Volume();
        volume.Save(folder["v.v3.zarr"]);

        var said = H5py.Run(
            """
            import json, os
            try: import zstandard
            except ImportError as e: print('skip', e); sys.exit()
            r = sys.argv[1]; g = json.load(open(r+'/zarr.json')); a = json.load(open(r+'/0/zarr.json'))
            assert g['zarr_format'] == a['zarr_format'] == 3 and g['node_type'] == 'group' and a['node_type'] == 'array'
            assert a['codecs'][0] == dict(name='bytes', configuration=dict(endian='little')) and a['codecs'][1]['name'] == 'zstd' and len(a['codecs']) == 2
            assert a['data_type'] == 'float32' and a['chunk_grid']['name'] == 'regular' and a['chunk_key_encoding']['name'] == 'default'
            c = a['chunk_grid']['configuration']['chunk_shape']; s = a['shape']; n = [-(-p//q) for p,q in zip(s,c)]
            out = np.full([p*q for p,q in zip(n,c)], np.nan, 'f4')
            for i in np.ndindex(*n):
                raw = open(os.path.join(r,'0','c',*map(str,i)),'rb').read()
                out[tuple(slice(k*q,(k+1)*q) for k,q in zip(i,c))] = np.frombuffer(zstandard.ZstdDecompressor().decompress(raw, max_output_size=4*np.prod(c)),'<f4').reshape(c)
            out = out[tuple(slice(0,p) for p in s)]; o = g['attributes']['ome']
            print(s, (out == np.arange(out.size).reshape(s)).all(), o['version'], o['multiscales'][0]['datasets'][0])
            """, folder["v.v3.zarr"]);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-zstandard: " + said);

        Assert.Equal("[3, 520, 700] True 0.5 {'path': '0', 'coordinateTransformations': [{'type': 'scale', 'scale': [2.5, 1.5, 1.5]}]}", said);
        AssertSame(volume, folder["v.v3.zarr"]);
    }

    /// <summary>CRC-32C computed bit by bit in Python, checked against the vectors of RFC 3720.</summary>
    [Theory]
    [InlineData("bytes,crc32c", "u2", "(2,7,9)")]
    [InlineData("bytes,gzip,crc32c", "f4", "(1,7,9)")]
    [InlineData("bytes,crc32c,gzip", "f4", "(2,3,5)")]
    public void Chunks_with_a_crc32c_checksum_are_read_and_damage_is_found(string codecs, string type, string chunks)
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            import json, os, gzip
            def crc(b):
                s = 0xffffffff
                for v in b:
                    s ^= v
                    for _ in range(8): s = (s >> 1) ^ (0x82f63b78 if s & 1 else 0)
                return s ^ 0xffffffff
            assert crc(b'123456789') == 0xe3069283 and crc(bytes(32)) == 0x8a9136aa and crc(b'\xff'*32) == 0x62a8ab43 and crc(bytes(range(32))) == 0x46dd794e
            r, codecs, t, c = sys.argv[1], sys.argv[2].split(','), sys.argv[3], eval(sys.argv[4])
            a = np.arange(4*7*9).reshape(4,7,9).astype(t); os.makedirs(r)
            conf = dict(bytes=dict(name='bytes', configuration=dict(endian='little')), gzip=dict(name='gzip', configuration=dict(level=5)), crc32c=dict(name='crc32c'))
            json.dump(dict(zarr_format=3, node_type='array', shape=list(a.shape), data_type={'u2':'uint16','f4':'float32'}[t], chunk_grid=dict(name='regular', configuration=dict(chunk_shape=list(c))),
                chunk_key_encoding=dict(name='default', configuration=dict(separator='/')), fill_value=0, codecs=[conf[k] for k in codecs], attributes={}), open(r+'/zarr.json','w'))
            for i in np.ndindex(*[-(-p//q) for p,q in zip(a.shape,c)]):
                b = np.zeros(c,t); s = a[tuple(slice(k*q,(k+1)*q) for k,q in zip(i,c))]; b[tuple(slice(0,n) for n in s.shape)] = s; b = b.tobytes()
                for k in codecs[1:]: b = gzip.compress(b) if k == 'gzip' else b + crc(b).to_bytes(4,'little')
                p = os.path.join(r,'c',*map(str,i)); os.makedirs(os.path.dirname(p), exist_ok=True); open(p,'wb').write(b)
            """, folder["a.zarr"], codecs, type, chunks);

        using (var scan = TomographyScan.Open(folder["a.zarr"], new ScanOptions { AngleRange = new AngleRange(0, 45) }))
        {
            var values = new float[4 * 7 * 9];
            scan.Frames.Read(new StackRegion(0, 4, 0, 7), values);
            Assert.Equal(Enumerable.Range(0, 4 * 7 * 9).Select(i => (float)i), values);
        }

        // One bit of the first chunk: inside the numbers, or inside the checksum.
        var chunk = Path.Combine(folder["a.zarr"], "c", "0", "0", "0");
        var bytes = File.ReadAllBytes(chunk);
        foreach (var at in codecs.EndsWith("crc32c", StringComparison.Ordinal) ? new[] { bytes.Length / 2, bytes.Length - 1 } : [bytes.Length / 2])
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 4;
            File.WriteAllBytes(chunk, damaged);
            using var scan = TomographyScan.Open(folder["a.zarr"], new ScanOptions { AngleRange = new AngleRange(0, 45) });
            var error = Assert.Throws<DataFormatException>(() => scan.Frames.Projection(0));
            Assert.Contains("the chunk c/0/0/0 is damaged", error.Message, StringComparison.Ordinal);
            if (codecs.EndsWith("crc32c", StringComparison.Ordinal))
            {
                Assert.Contains("its CRC-32C checksum is wrong", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("compressor=None", "u2")]
    [InlineData("compressor=numcodecs.Zlib(5)", "u2")]
    [InlineData("compressor=numcodecs.GZip(5)", ">u2")]
    [InlineData("compressor=numcodecs.Zstd(5)", "f8")]
    [InlineData("compressor=numcodecs.LZ4()", "i4")]
    [InlineData("compressor=numcodecs.Blosc('lz4',shuffle=1)", "u2")]
    [InlineData("compressor=numcodecs.Blosc('blosclz',shuffle=2)", "f4")]
    [InlineData("compressor=numcodecs.Blosc('zstd',shuffle=2)", "u2")]
    [InlineData("compressor=numcodecs.Zlib(1),filters=[numcodecs.Shuffle(4)]", "f4")]
    [InlineData("compressor=None,dimension_separator='/'", "f4")]
    public void Scans_in_zarr_2_are_read_as_zarr_python_writes_them(string options, string type)
    {
        using var folder = new TestFolder();
        Python(
            $"""
            a = np.arange(7*30*50).reshape(7,30,50).astype('{type}'); g = zarr.open_group(sys.argv[1],'w')
            g.create_dataset('exchange/data', data=a, chunks=(2,16,20), {options})
            g.create_dataset('exchange/data_white', data=a[:2], chunks=(1,30,50), {options}); g['exchange/theta'] = np.arange(7)*20.
            """, folder["s.zarr"]);

        using var scan = TomographyScan.Open(folder["s.zarr"]);

        Assert.Equal([0, 20, 40, 60, 80, 100, 120], scan.AnglesDegrees);
        var all = new float[7 * 30 * 50];
        scan.Frames.Read(new StackRegion(0, 7, 0, 30), all);
        var wide = type.Contains('2', StringComparison.Ordinal) && type.Contains('u', StringComparison.Ordinal) ? 65536 : int.MaxValue;
        Assert.Equal(Enumerable.Range(0, all.Length).Select(i => (float)(i % wide)), all);
        var rows = new float[3 * 5 * 50];
        scan.Frames.Read(new StackRegion(2, 3, 14, 5), rows);
        Assert.Equal(all.AsSpan((4 * 1500) + (14 * 50), 250).ToArray(), rows[500..]);
        Assert.Equal(2, scan.Flats!.FrameCount);
    }

    [Fact]
    public void Scans_in_zarr_3_are_read()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            import json, os, gzip
            r = sys.argv[1]; os.makedirs(r); a = np.arange(3*4*5).reshape(3,4,5)
            json.dump(dict(zarr_format=3,node_type='array',shape=[3,4,5],data_type='uint16',chunk_grid=dict(name='regular',configuration=dict(chunk_shape=[1,3,5])),
              chunk_key_encoding=dict(name='default',configuration=dict(separator='.')),fill_value=0,attributes={},
              codecs=[dict(name='bytes',configuration=dict(endian='big')),dict(name='gzip',configuration=dict(level=1))]), open(r+'/zarr.json','w'))
            for z in range(3):
                for y in range(2):
                    c = np.zeros((3,5)); s = a[z,3*y:3*y+3]; c[:len(s)] = s
                    open(f'{r}/c.{z}.{y}.0','wb').write(gzip.compress(c.astype('>u2').tobytes()))
            """, folder["s"]);

        using var scan = TomographyScan.Open(folder["s"], new ScanOptions { AngleRange = new(0, 60) });
        var all = new float[60];
        scan.Frames.Read(new StackRegion(0, 3, 0, 4), all);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (float)i), all);
    }

    [Fact]
    public void A_missing_chunk_is_an_error_in_a_scan_and_the_fill_value_in_a_volume()
    {
        using var folder = new TestFolder();
        Python("zarr.save_array(sys.argv[1], np.ones((4,6,8),'f4'), chunks=(1,6,8), fill_value=7.)", folder["s.zarr"]);
        File.Delete(Path.Combine(folder["s.zarr"], "2.0.0"));

        using var scan = TomographyScan.Open(folder["s.zarr"], new ScanOptions { AngleRange = new(0, 45) });
        Assert.Equal(1, scan.Frames.Projection(1)[0, 0]);
        var error = Assert.Throws<DataFormatException>(() => scan.Frames.Projection(2));
        Assert.Contains("the chunk 2.0.0 (from frame 2) is missing", error.Message, StringComparison.Ordinal);
        using (var volume = Beamline.Arrays.Volume.Open(folder["s.zarr"]))
        {
            Assert.Equal((1f, 7f), (volume.Slice(1)[0], volume.Slice(2)[5]));
        }

        var metadata = Path.Combine(folder["s.zarr"], ".zarray");
        File.WriteAllText(metadata, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(metadata), "\"fill_value\": [0-9.]+", "\"fill_value\": null"));
        Assert.Contains("fill_value is null", Assert.Throws<DataFormatException>(() => Beamline.Arrays.Volume.Open(folder["s.zarr"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_stores_say_what_is_wrong()
    {
        using var folder = new TestFolder();
        Python(
            """
            zarr.save_array(sys.argv[1]+'/c.zarr', np.arange(4*6*8.).reshape(4,6,8), chunks=(1,6,8), compressor=numcodecs.Blosc('lz4'))
            zarr.save_array(sys.argv[1]+'/f.zarr', np.zeros((4,6,8)), order='F'); zarr.save_array(sys.argv[1]+'/b.zarr', np.zeros((4,6,8)), compressor=numcodecs.BZ2())
            g = zarr.open_group(sys.argv[1]+'/two.zarr','w'); g['a'] = np.zeros((2,3,4)); g['b'] = np.zeros((2,3,4)); g['c'] = np.zeros(3)
            """, folder.Root);
        var chunk = Path.Combine(folder["c.zarr"], "1.0.0");
        File.WriteAllBytes(chunk, File.ReadAllBytes(chunk)[..30]);
        var options = new ScanOptions { AngleRange = new(0, 45) };

        using var scan = TomographyScan.Open(folder["c.zarr"], options);
        Assert.Equal(0, scan.Frames.Projection(0)[0, 0]);
        Assert.Contains("the chunk 1.0.0 is damaged", Fails(() => scan.Frames.Projection(1)), StringComparison.Ordinal);
        Assert.Contains("Fortran order", Fails(() => TomographyScan.Open(folder["f.zarr"], options)), StringComparison.Ordinal);
        Assert.Contains("codec 'bz2'", Fails(() => TomographyScan.Open(folder["b.zarr"], options)), StringComparison.Ordinal);
        Assert.Contains("a [2,3,4] float64, b [2,3,4] float64", Fails(() => TomographyScan.Open(folder["two.zarr"], options)), StringComparison.Ordinal);
        using var named = TomographyScan.Open(folder["two.zarr"], options with { DataPath = "b" });
        Assert.Equal(2, named.AnglesDegrees.Count);
        File.WriteAllText(Path.Combine(folder["c.zarr"], ".zarray"), "{ \"zarr_format\": 2, \"shape\": [4,6,8] }");
        Assert.Contains(".zarray does not describe an array", Fails(() => TomographyScan.Open(folder["c.zarr"], options)), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder["c.zarr"], ".zarray"), "{ \"zarr");
        Assert.Contains("no JSON", Fails(() => TomographyScan.Open(folder["c.zarr"], options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_over_an_earlier_store_replaces_it_and_spares_other_folders()
    {
        using var folder = new TestFolder();
        using var volume = Volume();
        volume.Save(folder["v.zarr"]);
        volume.Slice(0)[3] = -5;
        volume.Save(folder["v.zarr"]);
        AssertSame(volume, folder["v.zarr"]);
        File.WriteAllText(Path.Combine(folder["v.zarr"], "notes.txt"), "mine");
        Assert.Contains("notes.txt", Fails(() => volume.Save(folder["v.zarr"])), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["v.zarr"], "notes.txt")));
    }

    private static Volume Volume()
    {
        var volume = new Volume(3, 520, 700)
        {
            Quantity = new Quantity("attenuation", "1/cm"),
            VoxelSize = new VoxelSize(Length.FromMicrometers(2.5), Length.FromMicrometers(1.5), Length.FromMicrometers(1.5)),
            Provenance = Provenance.None.Then("made", ("by", "test")),
        };
        for (var z = 0; z < 3; z++)
        {
            var slice = volume.Slice(z);
            for (var i = 0; i < slice.Length; i++)
            {
                slice[i] = (z * slice.Length) + i;
            }
        }

        return volume;
    }

    private static void AssertSame(Volume expected, string path)
    {
        using var read = Beamline.Arrays.Volume.Open(path);
        Assert.Equal((expected.SliceCount, expected.RowCount, expected.ColumnCount), (read.SliceCount, read.RowCount, read.ColumnCount));
        Assert.Equal(expected.Quantity, read.Quantity);
        Assert.Equal(expected.VoxelSize!.Value.Z.Meters, read.VoxelSize!.Value.Z.Meters, 1e-15);
        Assert.Equal("made", Assert.Single(read.Provenance.Steps).Operation);
        for (var z = 0; z < expected.SliceCount; z++)
        {
            Assert.True(expected.Slice(z).SequenceEqual(read.Slice(z)), $"slice {z}");
        }
    }

    private static string Fails(Action action) => Assert.Throws<DataFormatException>(action).Message;

    private static string Python(string script, params string[] arguments)
    {
        var said = H5py.Run(Import + script, arguments);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-zarr: " + said);
        return said;
    }
}
