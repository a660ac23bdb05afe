using Sessions.Bench;

if (BenchOptions.Read(args, Console.Error) is not { } options)
{
    return 2;
}

foreach (var part in BenchPart.All.Where(part => options.ShouldRun(part)))
{
    Console.WriteLine($"== {part.Name}");
    var section = await part.RunAsync(options.Full);
    await section.SaveAsync(part.File);
}

return 0;
