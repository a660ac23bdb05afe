global using Sessions.Clients;
global using Sessions.Stores;
