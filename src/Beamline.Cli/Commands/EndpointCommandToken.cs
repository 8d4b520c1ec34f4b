using System.CommandLine;
using Beamline.Endpoint;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint token add</c>, <c>list</c> and <c>revoke</c>: on the files, whether the service runs or not.</summary>
internal static class EndpointTokens
{
    private const int Wrong = 2;

    internal static Command Create() => new("token", "Tokens of people who may use the endpoint.") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var folder = EndpointCommand.FolderOption();
        var user = new Argument<string>("user") { Description = "Whom the token stands for: jobs of one user are hidden from others." };
        var scopes = new Option<string[]>("--scope") { Description = "submit, read or admin; submit and read when not given.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<double?>("--days") { Description = "How long it is good; 90 days when not given." };
        var keys = new Option<string[]>("--trust") { Description = "Identifier of a key whose signed jobs are to be run.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("add", "Make a token and print it: it is shown this once.") { user, scopes, days, keys, folder };
        command.SetAction((parsed, _) => EndpointCommand.GuardedAsync("token add", () =>
        {
            var place = EndpointCommand.Folder(parsed.GetValue(folder));
            PrivateFile.CreateFolder(place.Path);
            var wanted = parsed.GetValue(scopes) is { Length: > 0 } given ? given : ["submit", "read"];
            var time = parsed.GetValue(days) ?? 90;
            if (time is not (> 0 and < 36_500))
            {
                throw new EndpointException("--days must be more than 0, and less than a hundred years.");
            }

            var (text, record) = new TokenBook(place.Tokens).Add(parsed.GetValue(user)!, wanted, DateTimeOffset.UtcNow.AddDays(time));
            if (parsed.GetValue(keys) is { Length: > 0 } trusted)
            {
                TrustedKeys.Add(place.Trust, trusted);
            }

            Console.WriteLine(text);
            Console.Error.WriteLine($"Token {record.Id} for {record.User} ({string.Join(", ", record.Scopes)}), until {record.Expires:u}. It is kept nowhere: give it to them now.");
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command List()
    {
        var folder = EndpointCommand.FolderOption();
        var command = new Command("list", "List the tokens, without their secrets.") { folder };
        command.SetAction((parsed, _) => EndpointCommand.GuardedAsync("token list", () =>
        {
            foreach (var token in new TokenBook(EndpointCommand.Folder(parsed.GetValue(folder)).Tokens).All())
            {
                var end = token.Expires is not { } expires ? "no end" : expires <= DateTimeOffset.UtcNow ? $"ended {expires:u}" : $"until {expires:u}";
                Console.WriteLine($"{token.Id}  {token.User}  {string.Join(",", token.Scopes)}  {end}");
            }

            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command Revoke()
    {
        var folder = EndpointCommand.FolderOption();
        var id = new Argument<string>("id") { Description = "The token's name, as 'list' shows it." };
        var command = new Command("revoke", "End a token, at once.") { id, folder };
        command.SetAction((parsed, _) => EndpointCommand.GuardedAsync("token revoke", () =>
        {
            var name = parsed.GetValue(id)!;
            if (!new TokenBook(EndpointCommand.Folder(parsed.GetValue(folder)).Tokens).Revoke(name))
            {
                Console.Error.WriteLine($"beamline endpoint token revoke: there is no token '{name}'. 'beamline endpoint token list' lists those that are.");
                return Task.FromResult(Wrong);
            }

            Console.WriteLine($"The token {name} has ended.");
            return Task.FromResult(0);
        }));
        return command;
    }
}
